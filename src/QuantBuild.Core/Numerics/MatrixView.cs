namespace QuantBuild.Numerics;

/// <summary>A matrix of floats as it lies in memory, row by row or transposed.</summary>
/// <param name="values">Starts with the element [0, 0].</param>
/// <param name="rowStride">Elements from one row to the next.</param>
/// <param name="columnStride">Elements from one column to the next.</param>
internal readonly ref struct MatrixView(ReadOnlySpan<float> values, int rows, int columns, int rowStride, int columnStride)
{
    public ReadOnlySpan<float> Values { get; } = values;

    public int Rows { get; } = rows;

    public int Columns { get; } = columns;

    public int RowStride { get; } = rowStride;

    public int ColumnStride { get; } = columnStride;

    public MatrixView Transposed => new(Values, Columns, Rows, ColumnStride, RowStride);

    public float this[int row, int column] => Values[(row * RowStride) + (column * ColumnStride)];

    /// <summary>Row by row, without gaps.</summary>
    public static MatrixView Of(ReadOnlySpan<float> values, int rows, int columns) => new(values, rows, columns, columns, 1);
}
