using QuantBuild.Diagnostics;
using QuantBuild.Onnx;
using QuantBuild.Preparation.Facts;
using QuantBuild.Preparation.Opsets;

namespace QuantBuild.Preparation;

/// <summary>
/// A model of opset 7 to 12 → the same model of opset 13, one opset after the other, each operator by its converter. Exact. Models of
/// a newer opset, and operators of other domains, stay as they are.
/// </summary>
internal sealed class RaiseOpset(DiagnosticOrigin origin) : IGraphPass
{
    /// <summary>The first opset in which QuantizeLinear and DequantizeLinear take one scale per channel.</summary>
    public const int Target = 13;

    private static readonly Dictionary<(int Opset, string OpType), IOpsetConverter> Converters =
        OpsetConverters.All.ToDictionary(converter => (converter.Opset, converter.OpType));

    /// <exception cref="QuantBuildException">QB3002.</exception>
    public void Run(PassContext context)
    {
        var conversion = new ConversionContext(context, StaticFacts.Of(context));
        for (int opset = context.Model.Opset + 1; opset <= Target; opset++)
            foreach (OnnxNode node in context.Graph.Nodes.ToArray())
                if (node.Domain.Length == 0 && Converters.TryGetValue((opset, node.OpType), out IOpsetConverter? converter))
                    Convert(node, converter, conversion);
        // Bodies are converted before the graph around them, so this is the last one.
        if (context.Graph == context.Model.Graph && context.Model.Opset < Target)
            context.Model.Opset = Target;
    }

    private void Convert(OnnxNode node, IOpsetConverter converter, ConversionContext context)
    {
        string opType = node.OpType;
        if (converter.Convert(node, context) is { } reason)
            throw new QuantBuildException(DiagnosticCatalogue.OpsetConversion.At(
                origin, origin.Model, context.Pass.Model.Opset, node.DisplayName, opType, Target, reason));
        context.Pass.CountApplied();
    }
}
