using QuantBuild.Data;
using QuantBuild.Diagnostics;
using QuantBuild.Execution;
using QuantBuild.Onnx;
using QuantBuild.Providers;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>A model that is looked at or measured as it is, quantized or not, with the samples that it runs on.</summary>
/// <param name="Data">Null when there are no samples.</param>
internal sealed record MeasuredModel(CheckedModel Job, OnnxModel Model, SampleBinding? Data) : IDisposable
{
    /// <summary>Holds the user's class that gives the samples; null where files do.</summary>
    private SampleProvider? Provider { get; init; }

    /// <param name="request">With the one model; its samples are those of <c>ValidationData</c>.</param>
    /// <returns>Null after adding what is wrong to <paramref name="problems"/>.</returns>
    /// <exception cref="QuantBuildException">The model or its samples cannot be read.</exception>
    public static MeasuredModel? Open(ProjectRequest request, DiagnosticBag problems, CancellationToken cancellation)
    {
        if (ProjectCheck.CheckAsItIs(request, problems) is not { } job)
            return null;
        job.Provided?.Check(job, problems);
        if (problems.HasErrors)
            return null;
        SampleProvider? provider = job.Provided is { } data ? SampleProvider.Open(data.Provider, ProvidedData.OriginIn(job)) : null;
        try
        {
            CheckedModel? bound = provider is null ? job : job.Provided!.Bind(job, provider, problems, cancellation);
            if (bound is null || problems.HasErrors)
                return null;
            OnnxModel model = OnnxModelReader.Load(bound.Settings.ModelPath, bound.Origin, mayBeQuantized: true).WithFixedInputs(bound.FixedInputs);
            var measured = new MeasuredModel(bound, model, bound.Validation ?? bound.Calibration) { Provider = provider };
            provider = null;
            return measured;
        }
        finally
        {
            provider?.Dispose();
        }
    }

    /// <summary>All samples, in batches of a size that the model takes; never more at once than the session needs memory for.</summary>
    /// <exception cref="InvalidOperationException">There are no samples.</exception>
    public ModelSamples Samples(IInferenceEngine engine)
    {
        SampleBinding data = Data ?? throw new InvalidOperationException("There are no samples.");
        int batch;
        using (IInferenceSession session = engine.Open(Model.ToImage()))
            batch = BatchPolicy.Choose(data, session, [.. Model.Graph.OutputNames], BytesPerSample(session, data));
        var samples = new SampleStream(data, SampleSelection.All, batch);
        return new ModelSamples(samples, samples, data.Source.DisplayPath, nameof(QuantizationSettings.ValidationData), batch);
    }

    public void Dispose() => Provider?.Dispose();

    /// <summary>What one sample takes is told by its inputs and outputs, of which inner values are about as large, times the number of nodes.</summary>
    private long BytesPerSample(IInferenceSession session, SampleBinding data)
    {
        IReadOnlyList<InputTensor> first = ModelSamples.First(data);
        long largest = first.Max(input => (long)input.Bytes.Length);
        session.Run(first, [.. Model.Graph.OutputNames], (_, output) => largest = Math.Max(largest, output.Bytes.Length));
        return largest * Model.Graph.Nodes.Count;
    }
}
