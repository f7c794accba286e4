using System.Globalization;

namespace QuantBuild.Placement.Costs;

/// <summary>Rows of the table of costs.</summary>
internal static class KernelNames
{
    /// <summary>A convolution with windows, all channels with all channels.</summary>
    public const string Convolution = "Convolution";

    /// <summary>A convolution of 1×1.</summary>
    public const string Pointwise = "Pointwise";

    /// <summary>A convolution of each channel by itself.</summary>
    public const string Depthwise = "Depthwise";

    /// <summary>Gemm or MatMul with a constant operand.</summary>
    public const string MatrixProduct = "MatrixProduct";

    /// <summary>The prefix of products by packed codes (MatMulNBits) beside the float products of the same sizes.</summary>
    public const string PackedProduct = "PackedProduct/";

    /// <summary>A product by constant codes that finds the range of what it reads at every run.</summary>
    public const string DynamicProduct = "DynamicProduct";

    /// <summary>An LSTM that does the same.</summary>
    public const string DynamicLstm = "DynamicLstm";

    public const string ProductOfActivations = "ProductOfActivations";

    public const string Add = "Add";

    public const string Mul = "Mul";

    public const string Sigmoid = "Sigmoid";

    public const string LeakyRelu = "LeakyRelu";

    public const string HardSigmoid = "HardSigmoid";

    public const string HardSwish = "HardSwish";

    public const string Softmax = "Softmax";

    /// <summary>Values that are copied from one place to another: Concat, Split, Slice, Transpose, Resize.</summary>
    public const string Copy = "Copy";

    public const string GlobalAveragePool = "GlobalAveragePool";

    public const string AveragePool = "AveragePool";

    public const string MaxPool = "MaxPool";

    /// <summary>A float node between integer ones, or between float ones: what changing there and back costs is the difference.</summary>
    public const string Border = "Border";

    /// <summary>From convolutions in float to convolutions in integers and back, with the changes of layout that come with it.</summary>
    public const string Seam = "Seam";

    /// <summary>The prefix of nodes that stand between convolutions, whose values are laid out in their way.</summary>
    public const string BehindConvolution = "Convolution/";

    /// <summary>The prefix of convolutions along one axis: the blocked layout of images is not for them.</summary>
    public const string AlongOneAxis = "OneAxis/";

    /// <param name="bits">2, 4 or 8.</param>
    /// <param name="accuracyLevel">1: activations are floats; 4: they are rounded to 8 bits, block by block.</param>
    /// <param name="block">Blocks of 16 codes of 2 bits have no kernel of their own: at every level they are made floats one by one.</param>
    public static string PackedProductOf(int bits, int accuracyLevel, int block) => string.Create(
        CultureInfo.InvariantCulture, $"{PackedProduct}Int{bits}/Level{(bits == 2 && block == 16 ? 1 : accuracyLevel)}");
}
