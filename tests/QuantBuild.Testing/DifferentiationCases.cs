using QuantBuild.Differentiation;
using QuantBuild.Onnx;

namespace QuantBuild.Testing;

/// <summary>A small graph around one operator, from the float input <c>x</c> (and <c>z</c>) to <c>y</c>.</summary>
/// <param name="OpType">The operator that it is about.</param>
/// <param name="Shapes">Of x and z; the first axis counts samples.</param>
/// <param name="Low">Smallest value of the inputs.</param>
internal sealed record DifferentiationCase(string OpType, string Name, int[][] Shapes, Func<ModelBuilder, ModelBuilder> Build, float Low = -4, float High = 4)
{
    private static readonly string[] InputNames = ["x", "z"];

    public OnnxModel Model
    {
        get
        {
            var builder = new ModelBuilder(20, 9);
            foreach ((string name, int[] shape) in Inputs)
                builder.Input(name, string.Join(',', shape));
            return Build(builder).Output("y").Build();
        }
    }

    public IEnumerable<(string Name, int[] Shape)> Inputs => InputNames.Zip(Shapes);

    /// <summary>Evenly spaced in a mixed order: no two are equal, and none is close to where a function bends.</summary>
    public DenseTensor ValuesOf(string input)
    {
        int[] shape = Shapes[Array.IndexOf(InputNames, input)];
        int length = DenseTensor.LengthOf(shape);
        float[] keys = SeededValues.Floats($"{Name} {input}", 0, 1, length);
        int[] order = [.. Enumerable.Range(0, length).OrderBy(i => keys[i]).ThenBy(i => i)];
        return new DenseTensor(shape, [.. order.Select(rank => Low + ((High - Low) * (rank + 0.3f) / length))]);
    }

    public override string ToString() => Name;
}

/// <summary>Every operator that has a gradient, in the forms that it comes in.</summary>
internal static class DifferentiationCases
{
    public static IReadOnlyList<DifferentiationCase> All { get; } =
    [
        .. new[] { "Abs", "Elu", "Erf", "Exp", "Gelu", "HardSigmoid", "HardSwish", "Identity", "LeakyRelu", "Neg", "Relu", "Sigmoid", "Softplus", "Tanh", "Dropout" }
            .Select(type => Of(type, "", [[3, 7]], b => b.Node(type, "x", "y"))),
        Of("Log", "", [[3, 7]], b => b.Node("Log", "x", "y"), 0.2f, 3),
        Of("Sqrt", "", [[3, 7]], b => b.Node("Sqrt", "x", "y"), 0.2f, 3),
        Of("Reciprocal", "", [[3, 7]], b => b.Node("Reciprocal", "x", "y"), 0.5f, 3),
        Of("Clip", "both", [[2, 9]], b => b.Floats("low", [], -1).Floats("high", [], 2).Node("Clip", "x low high", "y")),
        Of("Clip", "above", [[2, 9]], b => b.Floats("high", [], 2).Node("Clip", "x - high", "y")),
        Of("Pow", "square", [[2, 9]], b => b.Floats("e", [], 2).Node("Pow", "x e", "y")),
        Of("Pow", "root", [[2, 9]], b => b.Floats("e", [], 0.5f).Node("Pow", "x e", "y"), 0.2f, 3),
        Of("Cast", "", [[2, 3]], b => b.Node("Cast", "x", "y", ("to", (int)OnnxElementType.Float))),
        Of("Add", "same", [[2, 9], [2, 9]], b => b.Node("Add", "x z", "y")),
        Of("Add", "itself", [[2, 9]], b => b.Node("Add", "x x", "y")),
        Of("Add", "bias", [[2, 3, 10]], b => b.Weights("w", 10).Node("Add", "w x", "y")),
        Of("Sub", "row means", [[2, 3, 10], [2, 3, 1]], b => b.Node("Sub", "x z", "y")),
        Of("Mul", "channels", [[2, 3, 4, 5]], b => b.Weights("w", 1, 3, 1, 1).Node("Mul", "x w", "y")),
        Of("Mul", "outer", [[2, 3, 1], [1, 9]], b => b.Node("Mul", "x z", "y")),
        Of("Div", "scalar", [[2, 9]], b => b.Floats("w", [], 1.5f).Node("Div", "x w", "y")),
        Of("Div", "rows", [[2, 9], [2, 1]], b => b.Node("Div", "x z", "y"), 0.5f, 3),
        Of("MatMul", "weight", [[2, 3, 5]], b => b.Weights("w", 5, 7).Node("MatMul", "x w", "y")),
        Of("MatMul", "attention", [[2, 2, 3, 4], [2, 2, 4, 3]], b => b.Node("MatMul", "x z", "y")),
        Of("MatMul", "shared", [[2, 2, 3, 4], [2, 1, 4, 3]], b => b.Node("MatMul", "x z", "y")),
        Of("MatMul", "weight first", [[2, 4, 3]], b => b.Weights("w", 5, 4).Node("MatMul", "w x", "y")),
        Of("Gemm", "plain", [[3, 5]], b => b.Weights("w", 5, 4).Weights("c", 4).Node("Gemm", "x w c", "y")),
        Of("Gemm", "factors", [[3, 5]], b => b.Weights("w", 4, 5).Weights("c", 3, 1)
            .Node("Gemm", "x w c", "y", ("alpha", 0.5f), ("beta", 2f), ("transB", 1))),
        Of("Gemm", "transposed", [[5, 3]], b => b.Weights("w", 5, 4).Node("Gemm", "x w", "y", ("transA", 1))),
        Conv("pointwise", [2, 3, 4, 5], [4, 3, 1, 1]),
        Conv("padded", [2, 3, 5, 4], [4, 3, 3, 3], ("pads", new[] { 1, 0, 2, 1 })),
        Conv("strided", [1, 2, 7, 6], [3, 2, 3, 2], ("strides", new[] { 2, 3 }), ("pads", new[] { 1, 1, 1, 1 })),
        Conv("dilated", [1, 2, 7, 6], [3, 2, 2, 2], ("dilations", new[] { 2, 3 })),
        Conv("groups", [2, 4, 4, 4], [6, 2, 3, 3], ("group", 2), ("pads", new[] { 1, 1, 1, 1 })),
        Conv("same", [1, 2, 5, 6], [3, 2, 3, 3], ("auto_pad", "SAME_UPPER"), ("strides", new[] { 2, 2 })),
        Conv("depthwise", [2, 3, 6, 9], [3, 1, 3, 3], ("group", 3), ("pads", new[] { 1, 1, 1, 1 })),
        Conv("depthwise strided", [1, 3, 7, 8], [3, 1, 3, 3], ("group", 3), ("pads", new[] { 1, 0, 1, 2 }), ("strides", new[] { 2, 2 })),
        Conv("depthwise dilated", [1, 2, 7, 8], [2, 1, 2, 3], ("group", 2), ("dilations", new[] { 2, 2 }), ("strides", new[] { 3, 1 })),
        Conv("line", [2, 3, 9], [4, 3, 3], ("strides", new[] { 2 }), ("pads", new[] { 1, 1 })),
        Conv("depthwise line", [2, 3, 9], [3, 1, 3], ("group", 3), ("pads", new[] { 2, 0 })),
        Of("Conv", "two filters a channel", [[1, 2, 4, 4]], b => b.Weights("w", 4, 1, 3, 3).Node("Conv", "x w", "y", ("group", 2))),
        ConvTranspose("doubled", [2, 3, 4, 5], [3, 4, 2, 2], ("strides", new[] { 2, 2 })),
        ConvTranspose("padded", [1, 2, 4, 3], [2, 3, 3, 3], ("pads", new[] { 1, 0, 2, 1 }), ("strides", new[] { 2, 1 }), ("output_padding", new[] { 1, 0 })),
        ConvTranspose("dilated groups", [2, 4, 3, 4], [4, 3, 2, 3], ("group", 2), ("dilations", new[] { 2, 1 }), ("strides", new[] { 1, 3 })),
        ConvTranspose("depthwise", [1, 3, 4, 4], [3, 1, 4, 4], ("group", 3), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 })),
        ConvTranspose("line", [2, 3, 5], [3, 4, 3], ("strides", new[] { 2 }), ("pads", new[] { 1, 0 })),
        Of("ConvTranspose", "no bias", [[1, 2, 3, 3]], b => b.Weights("w", 2, 2, 2, 2).Node("ConvTranspose", "x w", "y")),
        Of("AveragePool", "plain", [[1, 2, 4, 4]], b => b.Node("AveragePool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))),
        Of("AveragePool", "padded", [[1, 2, 5, 4]], b => b.Node("AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }))),
        Of("AveragePool", "padding counts", [[1, 2, 5, 4]], b => b.Node(
            "AveragePool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("count_include_pad", 1))),
        Of("MaxPool", "plain", [[1, 2, 4, 5]], b => b.Node("MaxPool", "x", "y", ("kernel_shape", new[] { 2, 2 }), ("strides", new[] { 2, 2 }))),
        Of("MaxPool", "padded", [[1, 2, 5, 5]], b => b.Node(
            "MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("pads", new[] { 1, 1, 1, 1 }), ("strides", new[] { 2, 2 }))),
        Of("MaxPool", "rounded up", [[1, 1, 6, 6]], b => b.Node(
            "MaxPool", "x", "y", ("kernel_shape", new[] { 3, 3 }), ("strides", new[] { 2, 2 }), ("ceil_mode", 1))),
        Of("GlobalAveragePool", "", [[2, 3, 4, 5]], b => b.Node("GlobalAveragePool", "x", "y")),
        Of("ReduceMean", "last", [[2, 3, 9]], b => b.Int64s("axes", -1).Node("ReduceMean", "x axes", "y")),
        Of("ReduceMean", "inner", [[2, 5, 4]], b => b.Int64s("axes", 1).Node("ReduceMean", "x axes", "y", ("keepdims", 0))),
        Of("ReduceSum", "two", [[2, 3, 4, 3]], b => b.Int64s("axes", 1, 3).Node("ReduceSum", "x axes", "y")),
        Of("ReduceL2", "", [[3, 5]], b => b.Int64s("axes", 1).Node("ReduceL2", "x axes", "y")),
        Of("Softmax", "last", [[2, 3, 10]], b => b.Node("Softmax", "x", "y", ("axis", -1))),
        Of("Softmax", "inner", [[2, 4, 3]], b => b.Node("Softmax", "x", "y", ("axis", 1))),
        Of("LayerNormalization", "", [[2, 3, 10]], b => b.Weights("s", 10).Weights("c", 10).Node("LayerNormalization", "x s c", "y")),
        Of("LayerNormalization", "no bias", [[2, 3, 4]], b => b.Weights("s", 3, 4).Node("LayerNormalization", "x s", "y", ("axis", 1))),
        Of("BatchNormalization", "", [[2, 3, 4]], b => b.Weights("s", 3).Weights("c", 3).Weights("m", 3).PositiveWeights("v", 3)
            .Node("BatchNormalization", "x s c m v", "y")),
        Of("Transpose", "heads", [[2, 3, 4, 2]], b => b.Node("Transpose", "x", "y", ("perm", new[] { 0, 2, 1, 3 }))),
        Of("Transpose", "reversed", [[2, 3, 4]], b => b.Node("Transpose", "x", "y")),
        Of("Reshape", "", [[2, 6, 2]], b => b.Int64s("shape", 0, -1, 4).Node("Reshape", "x shape", "y")),
        Of("Flatten", "", [[2, 3, 4]], b => b.Node("Flatten", "x", "y")),
        Of("Squeeze", "", [[2, 1, 4, 1]], b => b.Int64s("axes", -1).Node("Squeeze", "x axes", "y")),
        Of("Unsqueeze", "", [[2, 4]], b => b.Int64s("axes", 1, -1).Node("Unsqueeze", "x axes", "y")),
        Of("Concat", "", [[2, 3, 2], [2, 1, 2]], b => b.Node("Concat", "x z x", "y", ("axis", 1))),
        Of("Split", "", [[2, 6, 2]], b => b.Int64s("parts", 2, 4).Node("Split", "x parts", "a c", ("axis", 1))
            .Int64s("axes", 1).Node("ReduceSum", "a axes", "d").Node("Mul", "c d", "y")),
        Of("Split", "part unused", [[2, 6, 2]], b => b.Node("Split", "x", "a c e", ("axis", 1), ("num_outputs", 3)).Node("Mul", "a e", "y")),
        Of("Slice", "", [[2, 6, 5]], b => b.Int64s("first", 1, -1).Int64s("end", 5, -4).Int64s("axes", 1, 2).Int64s("steps", 2, -1)
            .Node("Slice", "x first end axes steps", "y")),
        Of("Pad", "constant", [[2, 3, 4]], b => b.Int64s("pads", 0, 1, 2, 0, 2, 1).Floats("v", [], 0.5f).Node("Pad", "x pads v", "y")),
        Of("Pad", "cut", [[2, 5, 6]], b => b.Int64s("pads", 0, -1, 2, 0, 1, -3).Node("Pad", "x pads", "y")),
        Of("Pad", "edge", [[2, 3, 4]], b => b.Int64s("pads", 2, 1).Int64s("axes", -1).Node("Pad", "x pads - axes", "y", ("mode", "edge"))),
        Of("Pad", "reflect", [[1, 2, 4, 5]], b => b.Int64s("pads", 0, 0, 1, 2, 0, 0, 3, 1).Node("Pad", "x pads", "y", ("mode", "reflect"))),
        Of("Pad", "wrap", [[2, 4]], b => b.Int64s("pads", 0, 3, 0, 2).Node("Pad", "x pads", "y", ("mode", "wrap"))),
        Of("Where", "values", [[2, 3, 4], [2, 1, 4]], b => b.Initializer("c", Truths(3, 4)).Node("Where", "c x z", "y")),
        Of("Where", "mask", [[2, 4, 4]], b => b.Initializer("c", Truths(1, 4, 4)).Floats("v", [], -8).Node("Where", "c v x", "y")),
        Of("Where", "wider condition", [[2, 1, 3]], b => b.Initializer("c", Truths(2, 4, 3)).Weights("w", 3).Node("Where", "c x w", "y")),
        Of("Gather", "first word", [[2, 3, 4]], b => b.Initializer("i", OnnxTensor.Create<long>(OnnxElementType.Int64, [], [0]))
            .Node("Gather", "x i", "y", ("axis", 1))),
        Of("Gather", "last words", [[2, 3, 4]], b => b.Int64s("i", -1).Node("Gather", "x i", "y", ("axis", 1))),
    ];

    private static DifferentiationCase Of(
        string type, string form, int[][] shapes, Func<ModelBuilder, ModelBuilder> build, float low = -4, float high = 4) =>
        new(type, form.Length > 0 ? $"{type}, {form}" : type, shapes, build, low, high);

    private static DifferentiationCase Conv(string form, int[] input, long[] weight, params (string, object)[] attributes) =>
        Of("Conv", form, [input], b => b.Weights("w", weight).Weights("c", weight[0]).Node("Conv", "x w c", "y", attributes));

    private static DifferentiationCase ConvTranspose(string form, int[] input, long[] weight, params (string Name, object Value)[] attributes)
    {
        long groups = attributes.FirstOrDefault(attribute => attribute.Name == "group").Value is int count ? count : 1;
        return Of(
            "ConvTranspose", form, [input], b => b.Weights("w", weight).Weights("c", weight[1] * groups).Node("ConvTranspose", "x w c", "y", attributes));
    }

    /// <summary>Two true, one false, over and over.</summary>
    private static OnnxTensor Truths(params long[] shape)
    {
        long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
        return OnnxTensor.Create<bool>(OnnxElementType.Bool, shape, [.. Enumerable.Range(0, (int)length).Select(i => i % 3 != 1)]);
    }
}
