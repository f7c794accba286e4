using QuantBuild.Onnx;
using QuantBuild.Placement.Costs;
using QuantBuild.Testing;

namespace QuantBuild.Benchmarks.Costs;

/// <summary>Kernels that find the range of what they read at every run, and the same in float.</summary>
internal static class DynamicKernels
{
    public static IEnumerable<KernelCase> All =>
    [
        .. from rows in new[] { 1, 4, 16, 64, 128 }
           from size in new (int K, int N)[] { (128, 128), (256, 512), (384, 1536), (768, 768), (1024, 1024) }
           select Product(rows, size.K, size.N),
        .. from size in new (int Steps, int Batch, int Width)[]
           {
               (8, 1, 128), (32, 1, 128), (64, 1, 64), (16, 1, 256), (16, 4, 128), (8, 1, 512), (32, 8, 64),
           }
           select Lstm(size.Steps, size.Batch, size.Width),
    ];

    private static KernelCase Product(int rows, int k, int n)
    {
        KernelWork there = MatrixWork.WithConstant(rows, k, n);
        KernelWork back = MatrixWork.WithConstant(rows, n, k);
        KernelWork work = new(
            there.MultiplyAdds + back.MultiplyAdds,
            there.Inputs + back.Inputs,
            there.Outputs + back.Outputs,
            0,
            0,
            there.Weights + back.Weights)
        { Nodes = 2 };
        return new KernelCase(KernelNames.DynamicProduct, [rows, k], pairs => Build(pairs, false), pairs => Build(pairs, true), work, work);

        byte[] Build(int pairs, bool isDynamic)
        {
            ModelBuilder model = new ModelBuilder().Input("x", $"{rows},{k}").Output("y");
            string last = "x";
            for (int i = 0; i < pairs; i++)
            {
                last = Link(last, $"a{i}", k, n);
                last = Link(last, $"b{i}", n, k);
            }
            return model.Node("Identity", last, "y").ToBytes();

            string Link(string input, string name, int from, int to)
            {
                float span = MathF.Sqrt(3f / from);
                OnnxTensor values = SeededValues.Tensor(name, -span, span, from, to);
                if (!isDynamic)
                {
                    model.Initializer(name, values).Node("MatMul", $"{input} {name}", $"{name}y");
                    return $"{name}y";
                }
                model.Initializer(name, Codes(values, 63 / span)).Floats($"{name}f", [to], [.. Enumerable.Repeat(span / 63, to)])
                    .Node("DynamicQuantizeLinear", input, $"{name}q {name}s {name}z")
                    .Node("MatMulInteger", $"{name}q {name} {name}z", $"{name}i")
                    .Node("Cast", $"{name}i", $"{name}c", ("to", (int)OnnxElementType.Float))
                    .Node("Mul", $"{name}s {name}f", $"{name}m")
                    .Node("Mul", $"{name}c {name}m", $"{name}y");
                return $"{name}y";
            }
        }
    }

    private static KernelCase Lstm(int steps, int batch, int width)
    {
        long weights = 8L * width * width;
        double values = (double)steps * batch * width;
        KernelWork work = new((double)steps * batch * weights, values, values, 0, steps, weights);
        return new KernelCase(
            KernelNames.DynamicLstm, [steps, batch, width], nodes => Build(nodes, false), nodes => Build(nodes, true), work, work);

        byte[] Build(int nodes, bool isDynamic)
        {
            ModelBuilder model = new ModelBuilder().Domain("com.microsoft", 1)
                .Input("x", $"{steps},{batch},{width}").Output("y").Int64s("one", 1)
                .Initializer("zeros", OnnxTensor.Create<sbyte>(OnnxElementType.Int8, [1, 4 * width], new sbyte[4 * width]))
                .Floats("scales", [1, 4 * width], [.. Enumerable.Repeat(1f / (63 * width), 4 * width)]);
            string last = "x";
            for (int i = 0; i < nodes; i++)
            {
                if (isDynamic)
                    model.Initializer($"w{i}", Codes(SeededValues.Tensor($"w{i}", -1, 1, 1, width, 4 * width), 63))
                        .Initializer($"r{i}", Codes(SeededValues.Tensor($"r{i}", -1, 1, 1, width, 4 * width), 63))
                        .Node(
                            "DynamicQuantizeLSTM", $"{last} w{i} r{i} - - - - - scales zeros scales zeros", $"s{i}",
                            ("domain", "com.microsoft"), ("hidden_size", width));
                else
                    model.Initializer($"w{i}", SeededValues.Tensor($"w{i}", -1f / width, 1f / width, 1, 4 * width, width))
                        .Initializer($"r{i}", SeededValues.Tensor($"r{i}", -1f / width, 1f / width, 1, 4 * width, width))
                        .Node("LSTM", $"{last} w{i} r{i}", $"s{i}", ("hidden_size", width));
                model.Node("Squeeze", $"s{i} one", $"x{i}");
                last = $"x{i}";
            }
            return model.Node("Identity", last, "y").ToBytes();
        }
    }

    private static OnnxTensor Codes(OnnxTensor values, float factor) =>
        OnnxTensor.Create<sbyte>(
            OnnxElementType.Int8, [.. values.Shape], [.. values.Floats.ToArray().Select(value => (sbyte)(value * factor))]);
}
