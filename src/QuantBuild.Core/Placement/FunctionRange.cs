using QuantBuild.Onnx;

namespace QuantBuild.Placement;

/// <summary>Values that a function cannot leave, whatever rounding of the runtime or a sample says.</summary>
internal static class FunctionRange
{
    /// <returns>Null when the value comes from no such function.</returns>
    public static ReadBounds? Of(string value, OnnxGraph graph) => graph.ProducerOf(value) is { Domain.Length: 0 } producer
        ? producer.OpType switch
        {
            "HardSigmoid" or "Sigmoid" or "Softmax" => new ReadBounds(0, 1),
            "Cos" or "Erf" or "Sin" or "Softsign" or "Tanh" => new ReadBounds(-1, 1),
            _ => null,
        }
        : null;
}
