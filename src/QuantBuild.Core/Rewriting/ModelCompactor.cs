using System.Globalization;
using QuantBuild.Onnx;

namespace QuantBuild.Rewriting;

/// <summary>Takes out of a model what does not change what it computes: long names, declared inner types, comments, attributes that repeat a default.</summary>
/// <remarks>Inputs and outputs keep their names. Names must be unique in the whole model, bodies of If, Loop and Scan included.</remarks>
internal static class ModelCompactor
{
    private const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    /// <param name="named">Nodes that keep a (short) name, by which they can be found in an optimized graph.</param>
    /// <returns>Old → new name of every value that was renamed.</returns>
    public static IReadOnlyDictionary<string, string> Compact(OnnxModel model, IReadOnlyList<OnnxNode> named)
    {
        OnnxGraph[] graphs = [.. model.Graph.WithBodies];
        foreach (OnnxGraph graph in graphs)
            DefaultAttributes.Remove(graph);
        ModelMetadata.Strip(model);

        HashSet<string> kept = new(model.Graph.InputNames.Concat(model.Graph.OutputNames), StringComparer.Ordinal);
        var renamed = new Dictionary<string, string>(StringComparer.Ordinal);
        int next = 0;
        foreach (string value in graphs.SelectMany(graph => graph.OwnNames))
            if (!kept.Contains(value) && !renamed.ContainsKey(value))
                renamed.Add(value, NextName(kept, ref next));
        model.Graph.RenameEverywhere(renamed);

        foreach (OnnxNode node in graphs.SelectMany(graph => graph.Nodes))
            node.ClearName();
        for (int i = 0; i < named.Count; i++)
            named[i].Name = string.Create(CultureInfo.InvariantCulture, $"n{i}_");
        return renamed;
    }

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
