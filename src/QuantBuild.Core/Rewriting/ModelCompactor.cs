using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Takes out of a model what does not change what it computes: long names, declared inner types, comments, attributes that repeat a default.</summary>
/// <remarks>Inputs, outputs and the values of bodies of If, Loop and Scan keep their names.</remarks>
internal static class ModelCompactor
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <param name="named">Nodes that keep a (short) name, by which they can be found in an optimized graph.</param>
    /// <returns>Old → new name of every value that was renamed.</returns>
    public static IReadOnlyDictionary<string, string> Compact(OnnxModel model, IReadOnlyList<OnnxNode> named)
    {
        DefaultAttributes.Remove(model.Graph);
        ModelMetadata.Strip(model);

        OnnxGraph graph = model.Graph;
        HashSet<string> kept = new(graph.InputNames.Concat(graph.OutputNames), StringComparer.Ordinal);
        kept.UnionWith(graph.Nodes.SelectMany(node => node.Subgraphs).SelectMany(BodyNames));

        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        int next = 0;
        foreach (string value in graph.InitializerNames.Concat(graph.Nodes.SelectMany(node => node.Outputs)))
            if (value.Length > 0 && !kept.Contains(value) && !renamed.ContainsKey(value))
                renamed.Add(value, NextName(kept, ref next));
        graph.RenameValues(renamed);

        foreach (OnnxNode node in GraphScope.AllOf(graph).SelectMany(scope => scope.Graph.Nodes))
            node.ClearName();
        for (int i = 0; i < named.Count; i++)
            named[i].Name = string.Create(CultureInfo.InvariantCulture, $"n{i}_");
        return renamed;
    }

    private static IEnumerable<string> BodyNames(OnnxGraph body) =>
        body.Nodes.SelectMany(node => node.Inputs.Concat(node.Outputs).Concat(node.Subgraphs.SelectMany(BodyNames)))
            .Concat(body.InitializerNames).Concat(body.OutputNames).Concat(body.InputNames);

    private static string NextName(HashSet<string> taken, ref int next)
    {
        while (true)
        {
            string name = "";
            for (int rest = next++; ; rest = (rest / Digits.Length) - 1)
            {
                name = Digits[rest % Digits.Length] + name;
                if (rest < Digits.Length)
                    break;
            }
            if (!taken.Contains(name))
                return name;
        }
    }
}
