using QuantBuild.Data;

namespace QuantBuild.Execution;

/// <summary>How many samples the runtime is given at once. Follows from the model and fixed numbers only, never from the machine,
/// because float results may depend on it.</summary>
internal static class BatchPolicy
{
    /// <summary>Beyond this a larger batch no longer makes the runtime faster per sample.</summary>
    public const int LargestBatch = 32;

    /// <summary>What the inner tensors of one batch may take together.</summary>
    private const long ActivationBudgetBytes = 256L << 20;

    /// <param name="bytesPerSample">What all inner tensors of one sample take together.</param>
    /// <param name="session">The float model.</param>
    public static int Choose(SampleBinding binding, IInferenceSession session, IReadOnlyList<string> outputs, long bytesPerSample)
    {
        if (binding.Inputs.Select(input => input.FixedBatch).FirstOrDefault(batch => batch is not null) is { } fixedBatch)
            return (int)fixedBatch;
        if (binding.Varies)
            return 1;
        int batch = (int)Math.Clamp(ActivationBudgetBytes / Math.Max(1, bytesPerSample), 1, LargestBatch);
        return batch > 1 && TreatsSamplesApart(binding, session, outputs, batch) ? batch : 1;
    }

    /// <summary>True when the outputs of a batch have one entry per sample. A model may declare a free first axis and not mean it; one
    /// sample cannot show that it does.</summary>
    private static bool TreatsSamplesApart(SampleBinding binding, IInferenceSession session, IReadOnlyList<string> outputs, int batch)
    {
        bool apart = true;
        SampleBatch first = new SampleStream(binding, SampleSelection.All, batch).Read().First();
        if (first.Count == 1)
            return false;
        try
        {
            session.Run(first.Inputs, outputs, (_, output) => apart &= output.Shape.Length > 0 && output.Shape[0] == first.Count);
        }
        catch (InferenceException)
        {
            return false;
        }
        return apart;
    }
}
