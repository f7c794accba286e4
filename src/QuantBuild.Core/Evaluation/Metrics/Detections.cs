namespace QuantBuild.Evaluation.Metrics;

/// <summary>A box by its corners, x₁ ≤ x₂ and y₁ ≤ y₂.</summary>
internal readonly record struct Detection(float Left, float Top, float Right, float Bottom, float Score, int Class)
{
    private double Area => Math.Max(0, (double)Right - Left) * Math.Max(0, (double)Bottom - Top);

    /// <summary>Area that both boxes share over the area that either covers.</summary>
    public double Overlap(Detection other)
    {
        double width = (double)Math.Min(Right, other.Right) - Math.Max(Left, other.Left);
        double height = (double)Math.Min(Bottom, other.Bottom) - Math.Max(Top, other.Top);
        if (!(width > 0 && height > 0))
            return 0;
        double shared = width * height;
        return shared / (Area + other.Area - shared);
    }
}

/// <summary>Which output holds what.</summary>
/// <param name="Scores">−1 when the first output holds rows of x₁, y₁, x₂, y₂, score, class.</param>
internal sealed record DetectionRoles(int Boxes, int Scores, int Classes)
{
    private const int RowLength = 6;

    public static DetectionRoles OneOutput { get; } = new(0, -1, -1);

    /// <summary>The detections of a sample. Rows of a negative class, or with a value that is not a number, hold none.</summary>
    public List<Detection> Read(IReadOnlyList<SampleOutput> outputs)
    {
        ReadOnlySpan<float> boxes = outputs[Boxes].Span;
        bool isOne = Scores < 0;
        int length = isOne ? RowLength : 4;
        int count = boxes.Length / length;
        if (outputs[Boxes].Shape is not [.., var last] || last != length)
            throw new TargetException(outputs[Boxes].Name, FormattableString.Invariant(
                $"its last axis has the length {(outputs[Boxes].Shape.Count == 0 ? 1 : outputs[Boxes].Shape[^1])}, not {length}"));
        if (!isOne && (outputs[Scores].Span.Length != count || outputs[Classes].Span.Length != count))
            throw new TargetException(outputs[Boxes].Name, FormattableString.Invariant(
                $"it holds {count} boxes, but '{outputs[Scores].Name}' {outputs[Scores].Span.Length} scores and '{outputs[Classes].Name}' {outputs[Classes].Span.Length} classes"));
        var detections = new List<Detection>(count);
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<float> row = boxes.Slice(i * length, length);
            float score = isOne ? row[4] : outputs[Scores].Span[i];
            float number = isOne ? row[5] : outputs[Classes].Span[i];
            if (number >= 0 && number < int.MaxValue && !float.IsNaN(score + row[0] + row[1] + row[2] + row[3]))
                detections.Add(new Detection(row[0], row[1], row[2], row[3], score, (int)number));
        }
        return detections;
    }
}
