namespace QuantBuild.Differentiation;

/// <summary>Floats in row-major order; the buffer is kept when the shape changes.</summary>
internal sealed class DenseTensor
{
    private float[] buffer;

    public DenseTensor()
    {
        buffer = [];
        Shape = [0];
    }

    /// <param name="values">Not copied.</param>
    public DenseTensor(int[] shape, float[] values)
    {
        buffer = values;
        Shape = shape;
        Length = LengthOf(shape);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Length, values.Length);
    }

    public int[] Shape { get; private set; }

    public int Rank => Shape.Length;

    public int Length { get; private set; }

    public Span<float> Values => buffer.AsSpan(0, Length);

    /// <summary>Values are undefined when the shape has changed.</summary>
    public DenseTensor Resize(ReadOnlySpan<int> shape)
    {
        if (shape.SequenceEqual(Shape))
            return this;
        Shape = shape.ToArray();
        Length = LengthOf(shape);
        if (buffer.Length < Length)
            buffer = new float[Length];
        return this;
    }

    public static int LengthOf(ReadOnlySpan<int> shape)
    {
        int length = 1;
        foreach (int dimension in shape)
            length = checked(length * dimension);
        return length;
    }
}
