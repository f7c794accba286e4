using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Placement.Costs;

/// <summary>Estimates what nodes and conversions cost at the shapes that one sample showed.</summary>
internal sealed class CostModel(CostTable table, OnnxGraph graph, TensorFacts facts)
{
    private readonly bool hasConvolutions = graph.Nodes.Any(node => node.Is("Conv"));

    public NodeCost Of(PlannedNode planned)
    {
        OnnxNode node = planned.Node;
        switch (node.OpType)
        {
            case "Conv" when facts.Of(node.Inputs[0]) is { } input && facts.Of(node.Outputs[0]) is { } output && facts.Of(node.Inputs[1]) is { } weight:
                return Convolution(node, input.Shape, output.Shape, weight.Shape);
            case "Gemm" or "MatMul" when facts.Of(node.Inputs[0]) is { } left && facts.Of(node.Outputs[0]) is { } output:
                return Product(planned, left, output);
            default:
                return Elementwise(node);
        }
    }

    /// <summary>Of a node that no rule of the integer kernels has looked at: recurrent nodes cost what their products do.</summary>
    public NodeCost Of(PlannedNode node, long multiplyAdds) => node.Node.OpType is "LSTM" or "GRU" or "RNN"
        ? Both(table.Of(KernelNames.MatrixProduct), new KernelWork(multiplyAdds, 0, 0, 0, 0, 0))
        : Of(node);

    /// <summary>Of a node whose kernel finds the range of what it reads, over its time in float: the table has both of one measurement.</summary>
    /// <param name="isFirstReader">The codes of a value are made once, for all products that read it.</param>
    public double Dynamic(OnnxNode node, long multiplyAdds, bool isFirstReader)
    {
        KernelCostPair cost = table.Of(node.Is("LSTM") ? KernelNames.DynamicLstm : KernelNames.DynamicProduct);
        double inputs = Elements(node.Inputs[0]);
        double weights = node.Inputs.Skip(1).Take(node.Is("LSTM") ? 2 : 1).Sum(Elements);
        double steps = node.Is("LSTM") ? facts.Of(node.Inputs[0])?.Shape[0] ?? 0 : 0;
        var work = new KernelWork(multiplyAdds, inputs, Elements(node.Outputs.First(output => output.Length > 0)), 0, steps, weights);
        double inFloat = cost.Float.Of(work);
        return inFloat > 0 ? cost.Integer.Of(isFirstReader || node.Is("LSTM") ? work : work with { Inputs = 0 }) / inFloat : 1;
    }

    /// <summary>One QuantizeLinear, or one DequantizeLinear for one reader, with the change of layout that comes with it between convolutions.</summary>
    public double Conversion(string value) =>
        StandsBetweenConvolutions(value) ? table.Of(KernelNames.BehindConvolution + KernelNames.Seam).Integer.Of(Layout(value)) / 2 : Dequantization(value);

    /// <summary>One DequantizeLinear: the runtime makes one for every reader.</summary>
    public double Dequantization(string value)
    {
        KernelWork work = KernelWork.Elements(Elements(value), Elements(value));
        KernelCostPair border = table.Of(KernelNames.Border);
        return (border.Integer.Of(work) - border.Float.Of(work)) / 2;
    }

    private NodeCost Convolution(OnnxNode node, IReadOnlyList<long> input, IReadOnlyList<long> output, IReadOnlyList<long> weight)
    {
        double groups = node.GetInt("group", 1);
        double window = Product(weight.Skip(2));
        double inputPositions = input[0] * Product(input.Skip(2));
        double outputPositions = output[0] * Product(output.Skip(2));
        string kernel = groups > 1 && weight[1] == 1 ? KernelNames.Depthwise : window == 1 ? KernelNames.Pointwise : KernelNames.Convolution;
        bool alongOneAxis = input.Count == 3;
        KernelCostPair cost = table.Of(alongOneAxis ? KernelNames.AlongOneAxis + kernel : kernel);
        KernelWork gathering = ConvolutionWork.Integer(input[1], output[1], inputPositions, outputPositions, window, groups);
        return new NodeCost(
            cost.Float.Of(alongOneAxis
                ? gathering
                : ConvolutionWork.Float(input[1], output[1], inputPositions, outputPositions, window, groups)),
            cost.Integer.Of(gathering));
    }

    private NodeCost Product(PlannedNode planned, TensorFact left, TensorFact output)
    {
        double k = left.Shape[planned.Node.Is("Gemm") && planned.Node.GetInt("transA", 0) != 0 ? ^2 : ^1];
        // MatMul takes a vector for a row on the left and for a column on the right, and leaves that axis out of the product.
        double n = facts.Of(planned.Node.Inputs[1])?.Shape.Count == 1 ? 1 : output.Shape[^1];
        double rows = output.Length / Math.Max(1, n);
        if (planned.Weight is not null)
            return Both(table.Of(KernelNames.MatrixProduct), MatrixWork.WithConstant(rows, k, n));
        double m = left.Shape.Count == 1 ? 1 : left.Shape[^2];
        return Both(table.Of(KernelNames.ProductOfActivations), MatrixWork.OfActivations(rows / Math.Max(1, m), m, k, n));
    }

    private NodeCost Elementwise(OnnxNode node)
    {
        double inputs = node.Inputs.Where(input => !graph.IsInitializer(input)).Sum(Elements);
        double outputs = node.Outputs.Sum(Elements);
        bool between = StandsBetweenConvolutions(node.Inputs[0]);
        switch (node.OpType)
        {
            case "Add" or "Mul":
                // The kernels were timed with two inputs of the output's size; one that is spread over the other costs as much.
                return Row(node.OpType, outputs, inputs: 2);
            case "Where":
                return Row(KernelNames.Mul, outputs, inputs: 2);
            case "HardSwish":
                return new NodeCost(
                    Row(KernelNames.HardSwish, outputs).Float,
                    Row(KernelNames.Add, outputs, inputs: 2).Integer + Row(KernelNames.Mul, outputs, inputs: 2).Integer);
            case "HardSigmoid":
                return new NodeCost(Row(KernelNames.HardSigmoid, outputs).Float, Row(KernelNames.Add, outputs, inputs: 2).Integer);
            case KernelNames.Sigmoid or KernelNames.LeakyRelu or KernelNames.Softmax:
                return Row(node.OpType, outputs);
            case KernelNames.GlobalAveragePool:
                // Timed with the product that follows it in squeeze and excite.
                NodeCost gate = Row(KernelNames.GlobalAveragePool, inputs);
                NodeCost product = Row(KernelNames.Mul, inputs, inputs: 2);
                return new NodeCost(Math.Max(0, gate.Float - product.Float), Math.Max(0, gate.Integer - product.Integer));
            case KernelNames.AveragePool or KernelNames.MaxPool:
                // Timed with windows of nine positions and as many outputs as inputs.
                return Row(node.OpType, Product(node.GetInts("kernel_shape") ?? [3, 3]) * outputs / 9);
            case "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" or "Identity":
                return default;
            default:
                return Row(KernelNames.Copy, outputs);
        }

        NodeCost Row(string kernel, double elements, int inputs = 1)
        {
            KernelCostPair? plain = table.Find(kernel);
            KernelCostPair? behind = table.Find(KernelNames.BehindConvolution + kernel);
            if (plain is not null && (!between || behind is null))
                return Both(plain, KernelWork.Elements(inputs * elements, elements));
            IReadOnlyList<long> shape = facts.Of(node.Inputs[0])?.Shape ?? [];
            KernelWork work = KernelWork.Layout(elements, shape.ElementAtOrDefault(1), Product(shape.Skip(2)), inputs);
            return Both(behind!, work);
        }
    }

    private static NodeCost Both(KernelCostPair cost, KernelWork work) => new(cost.Float.Of(work), cost.Integer.Of(work));

    /// <summary>Images and their like in nets that convolve them.</summary>
    private bool StandsBetweenConvolutions(string value) => hasConvolutions && facts.Of(value)?.Shape.Count is 4 or 5;

    private KernelWork Layout(string value) => KernelWork.Layout(
        Elements(value), facts.Of(value)?.Shape.ElementAtOrDefault(1) ?? 0, Product(facts.Of(value)?.Shape.Skip(2) ?? []));

    private double Elements(string value) => facts.Of(value)?.Length ?? 0;

    private static double Product(IEnumerable<long> dimensions) => dimensions.Aggregate(1.0, (product, dimension) => product * dimension);
}
