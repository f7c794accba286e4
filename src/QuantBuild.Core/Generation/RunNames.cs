using QuantBuild.Onnx;

namespace QuantBuild.Generation;

/// <summary>
/// The names of the parameters and variables of <c>Run</c>: inputs first, so that they get the names that they have in the model, then
/// what else the caller gives, then the method's own variables.
/// </summary>
internal sealed class RunNames
{
    private readonly Dictionary<UnknownDimension, string> dimensions = [];

    /// <param name="scope">Holds the names that the method cannot use.</param>
    public RunNames(ModelSignature signature, DimensionPlan plan, NameScope scope)
    {
        Inputs = [.. signature.Inputs.Select((input, index) => scope.Take(ParameterOf(input, index)))];
        Shapes =
        [
            .. signature.Inputs.Select((input, index) =>
                input.Shape is null && ElementTypes.AreKnown(input) ? scope.Take(Inputs[index] + "Shape") : null),
        ];
        foreach (UnknownDimension dimension in plan.Parameters.Concat(plan.Inferred.Select(inferred => inferred.Dimension)))
            dimensions.Add(dimension, scope.Take(DimensionName(dimension)));
        Token = scope.Take("cancellationToken");
        Session = scope.Take("session");
        Values = scope.Take("values");
        Options = scope.Take("options");
        Results = scope.Take("results");
        Index = scope.Take("index");
    }

    /// <summary>One parameter per input.</summary>
    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Per input the parameter of its shape, where the model does not know even the rank; null elsewhere.</summary>
    public IReadOnlyList<string?> Shapes { get; }

    /// <summary>The parameter that cancels the call.</summary>
    public string Token { get; }

    public string Session { get; }

    public string Values { get; }

    public string Options { get; }

    public string Results { get; }

    public string Index { get; }

    public string this[UnknownDimension dimension] => dimensions[dimension];

    private static string ParameterOf(TensorSignature input, int index) =>
        Identifiers.CamelCase(Identifiers.HasWords(input.Name) ? input.Name : Identifiers.Digits(index + 1), "Input");

    private string DimensionName(UnknownDimension dimension) => dimension.Symbol is { } symbol
        ? Identifiers.CamelCase(symbol, "Dimension")
        : Inputs[dimension.Input] + "Dimension" + Identifiers.Digits(dimension.Axis);
}
