using System.Diagnostics;

namespace FashionClassifier;

/// <summary>How often a classifier was right, and how long it took.</summary>
internal sealed class Score(Func<ReadOnlySpan<float>, int> classify)
{
    private readonly List<double> milliseconds = [];
    private int correct;

    public double Accuracy => (double)correct / milliseconds.Count;

    public double MedianMilliseconds => milliseconds.Order().ElementAt(milliseconds.Count / 2);

    public void Add(ReadOnlySpan<float> image, long label)
    {
        long start = Stopwatch.GetTimestamp();
        int predicted = classify(image);
        milliseconds.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        if (predicted == label)
            correct++;
    }
}
