using Microsoft.ML.OnnxRuntime;
using QuantBuild.Benchmarks.Builds;

namespace QuantBuild.Benchmarks.Rivals;

/// <summary>Holds every file of one model against its float file, on the whole validation data, with the same code.</summary>
internal sealed class FileJudge
{
    private const double PointsPerUnit = 100;

    /// <summary>JSON has no infinity: outputs that are equal to the last bit, and outputs of no meaning, are this far from zero.</summary>
    private const double MostDecibels = 400;

    private readonly BenchModel model;
    private readonly Predictions reference;
    private readonly bool hasTop1;

    public FileJudge(BenchModel model)
    {
        this.model = model;
        Samples = SampleSet.Read(model.ValidationPath, model.FloatPath);
        reference = Predictions.Of(model.FloatPath, Samples);
        hasTop1 = model.IsClassifier && Samples.Labels.Length == Samples.Count;
    }

    public SampleSet Samples { get; }

    /// <returns>The row with what was measured, or with an error.</returns>
    public RivalRow Judge(RivalRow row, string path)
    {
        Models.Progress.Show($"{model.Name}: judging {row.Tool} {row.Configuration}");
        try
        {
            Comparison comparison = Compare(path);
            OptimizedGraph graph = OptimizedGraph.Of(path, Samples);
            return row with
            {
                IntegerShare = graph.IntegerShare,
                Kind = FileKinds.Of(path),
                FloatTop1 = hasTop1 ? comparison.Float : null,
                Top1 = hasTop1 ? comparison.Quantized : null,
                DropPoints = hasTop1 ? PointsPerUnit * comparison.Drop : null,
                DropInterval = hasTop1 ? (PointsPerUnit * comparison.DropLow, PointsPerUnit * comparison.DropHigh) : null,
                SqnrDb = Decibels(comparison.SqnrDecibels),
                Bytes = BytesOf(path),
                FloatBytes = BytesOf(model.FloatPath),
            };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            return row with { Error = $"the file does not run: {exception.Message}" };
        }
    }

    public Comparison Compare(string path) => Comparison.Of(
        reference, Predictions.Of(path, Samples, reference), hasTop1 ? TaskMetric.Top1(Samples.Labels) : TaskMetric.CosineSimilarity);

    /// <summary>Whether the file runs with so many samples at once; false for one of another fixed batch.</summary>
    public bool Runs(string path, int batchSize)
    {
        if (Samples.Count < batchSize)
            return false;
        try
        {
            using SessionOptions options = MeasuredSession.Options();
            using var session = new InferenceSession(path, options);
            if ((Samples.FixedBatchOf(session) ?? batchSize) != batchSize)
                return false;
            using var runOptions = new RunOptions();
            using RunInputs batch = Samples.Batch(0, batchSize, session);
            session.Run(runOptions, batch.Names, batch.Values, session.OutputNames).Dispose();
            return true;
        }
        catch (OnnxRuntimeException)
        {
            return false;
        }
    }

    public static double Decibels(double value) => double.IsNaN(value) ? -MostDecibels : Math.Clamp(value, -MostDecibels, MostDecibels);

    /// <summary>With the files that hold its weights, whose names begin with its own.</summary>
    public static long BytesOf(string path)
    {
        var file = new FileInfo(path);
        return file.Directory!.GetFiles(file.Name + "*").Sum(part => part.Length);
    }
}
