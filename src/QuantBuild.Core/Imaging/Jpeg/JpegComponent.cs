namespace QuantBuild.Imaging.Jpeg;

/// <summary>One colour component of a JPEG picture, with its samples.</summary>
/// <param name="Id">As scans name it.</param>
/// <param name="Horizontal">Sampling factor; blocks beside each other in one unit of all components.</param>
/// <param name="Vertical">Sampling factor; blocks above each other.</param>
/// <param name="QuantizationTable">Index of the table.</param>
internal sealed record JpegComponent(int Id, int Horizontal, int Vertical, int QuantizationTable)
{
    /// <summary>Samples that belong to the picture; the rest of the plane fills up blocks.</summary>
    public int Width { get; private set; }

    /// <inheritdoc cref="Width"/>
    public int Height { get; private set; }

    /// <summary>Blocks of the plane in one row, a whole number of units.</summary>
    public int BlocksPerRow { get; private set; }

    public int BlockRows { get; private set; }

    /// <summary>Samples in one row of <see cref="Plane"/>.</summary>
    public int Stride => BlocksPerRow * 8;

    /// <summary>[BlockRows · 8, BlocksPerRow · 8].</summary>
    public byte[] Plane { get; private set; } = [];

    /// <summary>[BlockRows, BlocksPerRow, 64] in the order of rows; empty where blocks are transformed as they are read.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>[64] in the order of rows, as it was when the component was first scanned; empty before.</summary>
    public int[] Quantization { get; set; } = [];

    public HuffmanTable? DcTable { get; set; }

    public HuffmanTable? AcTable { get; set; }

    /// <summary>Of the block before.</summary>
    public int Prediction { get; set; }

    public void SetSize(int imageWidth, int imageHeight, int mostHorizontal, int mostVertical)
    {
        Width = Ceiling((long)imageWidth * Horizontal, mostHorizontal);
        Height = Ceiling((long)imageHeight * Vertical, mostVertical);
        BlocksPerRow = Ceiling(imageWidth, 8L * mostHorizontal) * Horizontal;
        BlockRows = Ceiling(imageHeight, 8L * mostVertical) * Vertical;
    }

    public void Allocate(bool keepsCoefficients)
    {
        Plane = new byte[(long)BlocksPerRow * BlockRows * 64];
        if (keepsCoefficients)
            Coefficients = new short[(long)BlocksPerRow * BlockRows * 64];
    }

    /// <summary>Where the coefficients of a block start.</summary>
    public int BlockStart(int row, int column) => ((row * BlocksPerRow) + column) * 64;

    /// <summary>Computes the samples of a block.</summary>
    public void Transform(ReadOnlySpan<short> coefficients, int row, int column) =>
        InverseDct.Transform(coefficients, Quantization, Plane.AsSpan((row * 8 * Stride) + (column * 8)), Stride);

    public void TransformAll()
    {
        for (int row = 0; row < BlockRows; row++)
            for (int column = 0; column < BlocksPerRow; column++)
                Transform(Coefficients.AsSpan(BlockStart(row, column), 64), row, column);
    }

    private static int Ceiling(long number, long divisor) => (int)((number + divisor - 1) / divisor);
}
