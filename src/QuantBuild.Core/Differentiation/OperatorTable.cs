using QuantBuild.Differentiation.Operators;
using QuantBuild.Onnx;

namespace QuantBuild.Differentiation;

/// <summary>The operators that have a gradient, as opset 13 and later define them.</summary>
internal static class OperatorTable
{
    private static readonly Dictionary<string, Func<OperatorSite, DifferentiableOperator>> Makers = new(StringComparer.Ordinal)
    {
        ["Abs"] = _ => Elementwise(default(AbsFunction)),
        ["Add"] = _ => new ArithmeticOperator<AddFunction>(),
        ["AveragePool"] = site => new AveragePoolOperator(Pool(site), site.Int("count_include_pad", 0) != 0),
        ["BatchNormalization"] = BatchNormalization,
        ["Cast"] = Cast,
        ["Clip"] = site => Elementwise(new ClipFunction(site.Number(1, float.NegativeInfinity), site.Number(2, float.PositiveInfinity))),
        ["Concat"] = site => new ConcatOperator(site.Int("axis", 0)),
        ["Conv"] = Conv,
        ["ConvTranspose"] = ConvTransposeOperator.Of,
        ["Div"] = _ => new ArithmeticOperator<DivFunction>(),
        ["Dropout"] = _ => Elementwise(default(IdentityFunction)),
        ["Elu"] = site => Elementwise(new EluFunction(site.Node.GetFloat("alpha", 1))),
        ["Erf"] = _ => Elementwise(default(ErfFunction)),
        ["Exp"] = _ => Elementwise(default(ExpFunction)),
        ["Flatten"] = Arrangements.Flatten,
        ["Gather"] = Arrangements.Gather,
        ["Gelu"] = Gelu,
        ["Gemm"] = Gemm,
        ["GlobalAveragePool"] = _ => new ReduceOperator(Reduction.Mean, null, 2, keepsAxes: true),
        ["HardSigmoid"] = site => Elementwise(new HardSigmoidFunction(site.Node.GetFloat("alpha", 0.2f), site.Node.GetFloat("beta", 0.5f))),
        ["HardSwish"] = _ => Elementwise(default(HardSwishFunction)),
        ["Identity"] = _ => Elementwise(default(IdentityFunction)),
        ["LayerNormalization"] = LayerNormalization,
        ["LeakyRelu"] = site => Elementwise(new LeakyReluFunction(site.Node.GetFloat("alpha", 0.01f))),
        ["Log"] = _ => Elementwise(default(LogFunction)),
        ["MatMul"] = _ => new MatMulOperator(),
        ["MaxPool"] = site => new MaxPoolOperator(Pool(site)),
        ["Mul"] = _ => new ArithmeticOperator<MulFunction>(),
        ["Neg"] = _ => Elementwise(default(NegFunction)),
        ["Pad"] = PadOperator.Of,
        ["Pow"] = Pow,
        ["Reciprocal"] = _ => Elementwise(default(ReciprocalFunction)),
        ["ReduceL2"] = site => Reduce(site, Reduction.Length),
        ["ReduceMean"] = site => Reduce(site, Reduction.Mean),
        ["ReduceSum"] = site => Reduce(site, Reduction.Sum),
        ["Relu"] = _ => Elementwise(new ClipFunction(0, float.PositiveInfinity)),
        ["Reshape"] = Arrangements.Reshape,
        ["Sigmoid"] = _ => Elementwise(default(SigmoidFunction)),
        ["Slice"] = Arrangements.Slice,
        ["Softmax"] = site => new SoftmaxOperator(site.Int("axis", -1)),
        ["Softplus"] = _ => Elementwise(default(SoftplusFunction)),
        ["Split"] = site => new SplitOperator(site.Int("axis", 0), site.Integers(1)),
        ["Sqrt"] = _ => Elementwise(default(SqrtFunction)),
        ["Squeeze"] = Arrangements.Squeeze,
        ["Sub"] = _ => new ArithmeticOperator<SubFunction>(),
        ["Tanh"] = _ => Elementwise(default(TanhFunction)),
        ["Transpose"] = Arrangements.Transpose,
        ["Unsqueeze"] = Arrangements.Unsqueeze,
        ["Where"] = WhereOperator.Of,
    };

    public static IEnumerable<string> Names => Makers.Keys.Order(StringComparer.Ordinal);

    /// <exception cref="NotDifferentiableException">The message is the end of a sentence that starts with the node's name.</exception>
    public static DifferentiableOperator Make(OnnxNode node, OnnxGraph graph)
    {
        if (node.Domain.Length > 0 || !Makers.TryGetValue(node.OpType, out Func<OperatorSite, DifferentiableOperator>? make))
            throw new NotDifferentiableException($"{node.OpType} has no gradient here");
        return make(new OperatorSite(node, graph));
    }

    private static ElementwiseOperator<TFunction> Elementwise<TFunction>(TFunction function)
        where TFunction : struct, IElementwiseFunction => new(function);

    private static DifferentiableOperator Conv(OperatorSite site)
    {
        int[] weight = site.ShapeOf(1);
        int groups = site.Int("group", 1);
        Window window = Window.Of(site, weight[2..]);
        return weight[1] == 1 && groups == weight[0] ? new DepthwiseConvOperator(window) : new ConvOperator(window, groups);
    }

    private static Window Pool(OperatorSite site)
    {
        OperatorSite.Require(site.Node.Outputs.Count == 1 || site.Node.Outputs[1].Length == 0, "it gives positions as well");
        return Window.Of(site, site.Node.GetInts("kernel_shape")!.Select(size => (int)size).ToArray());
    }

    private static DifferentiableOperator Gemm(OperatorSite site) => new GemmOperator(
        site.Node.GetFloat("alpha", 1), site.Node.GetFloat("beta", 1), site.Int("transA", 0) != 0, site.Int("transB", 0) != 0);

    private static DifferentiableOperator Gelu(OperatorSite site)
    {
        OperatorSite.Require(site.Node.GetString("approximate", "none") == "none", "it is approximated");
        return Elementwise(default(GeluFunction));
    }

    private static DifferentiableOperator Cast(OperatorSite site)
    {
        OperatorSite.Require(site.Int("to", 0) == (int)OnnxElementType.Float, "it changes the type");
        return Elementwise(default(IdentityFunction));
    }

    private static DifferentiableOperator Pow(OperatorSite site)
    {
        float exponent = site.Number(1, 1);
        return exponent == MathF.Round(exponent) && Math.Abs(exponent) <= 8
            ? Elementwise(new WholePowerFunction((int)exponent))
            : Elementwise(new RealPowerFunction(exponent));
    }

    private static DifferentiableOperator Reduce(OperatorSite site, Reduction reduction)
    {
        int[]? axes = site.Integers("axes", 1);
        OperatorSite.Require(axes is { Length: > 0 } || site.Int("noop_with_empty_axes", 0) == 0, "it reduces nothing");
        return new ReduceOperator(reduction, axes is { Length: > 0 } ? axes : null, 0, site.Int("keepdims", 1) != 0);
    }

    private static DifferentiableOperator LayerNormalization(OperatorSite site)
    {
        OperatorSite.Require(site.Node.Outputs.Skip(1).All(output => output.Length == 0), "it gives its statistics as well");
        return new LayerNormalizationOperator(site.Int("axis", -1), site.Node.GetFloat("epsilon", 1e-5f));
    }

    private static DifferentiableOperator BatchNormalization(OperatorSite site)
    {
        OperatorSite.Require(site.Int("training_mode", 0) == 0, "it is in training mode");
        return new BatchNormalizationOperator(site.Node.GetFloat("epsilon", 1e-5f));
    }
}
