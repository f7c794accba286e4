using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Reconstruction.Codebooks;

/// <summary>The weights of a matrix, and how much an error of each counts.</summary>
internal sealed class WeightedRows
{
    /// <summary>What has less than this part of the mean importance counts as much as that, so that no weight is free.</summary>
    private const float SmallestImportance = 1e-3f;

    private readonly float[] importance;

    /// <param name="values">[channels, columns], finite.</param>
    /// <param name="importance">[channels, columns] or [columns], as the second moments of the inputs; null when all count the same.</param>
    public WeightedRows(float[] values, int columns, float[]? importance = null)
    {
        if (columns < 1 || values.Length % columns != 0)
            throw new ArgumentException($"{values.Length} values are no rows of {columns}.", nameof(columns));
        if (importance is not null && importance.Length != columns && importance.Length != values.Length)
            throw new ArgumentException($"{importance.Length} importances for {values.Length} values in rows of {columns}.", nameof(importance));
        Values = values;
        Columns = columns;
        this.importance = WithFloor(importance ?? [.. Enumerable.Repeat(1f, columns)]);
    }

    /// <summary>[channels, columns]</summary>
    public float[] Values { get; }

    public int Columns { get; }

    public int Channels => Values.Length / Columns;

    public ReadOnlySpan<float> ValuesOf(int channel) => Values.AsSpan(channel * Columns, Columns);

    /// <summary>Above 0.</summary>
    public ReadOnlySpan<float> ImportanceOf(int channel) =>
        importance.AsSpan(importance.Length == Columns ? 0 : channel * Columns, Columns);

    /// <summary>What the codes leave: squared distances, weighted.</summary>
    public double ErrorOf(LevelGrid grid, ReadOnlySpan<byte> codes)
    {
        double error = 0;
        for (int channel = 0, i = 0; channel < Channels; channel++)
        {
            ReadOnlySpan<float> costs = ImportanceOf(channel);
            for (int column = 0; column < Columns; column++, i++)
            {
                double distance = (double)grid.ValueOf(channel, column, codes[i]) - Values[i];
                error += costs[column] * distance * distance;
            }
        }
        return error;
    }

    /// <summary>[channels, columns]: the code of the nearest value of each weight.</summary>
    public byte[] NearestCodes(LevelGrid grid)
    {
        var codes = new byte[Values.Length];
        for (int channel = 0, i = 0; channel < Channels; channel++)
            for (int column = 0; column < Columns; column++, i++)
                codes[i] = grid.Nearest(channel, column, Values[i]);
        return codes;
    }

    private static float[] WithFloor(float[] importance)
    {
        double mean = importance.Sum(value => (double)value) / importance.Length;
        float floor = mean > 0 ? (float)(mean * SmallestImportance) : 1;
        return [.. importance.Select(value => Math.Max(value, floor))];
    }
}
