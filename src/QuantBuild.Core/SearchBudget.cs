using QuantBuild.Execution;

namespace QuantBuild;

/// <summary>Turns seconds into a number of candidates, by the table of costs alone: no machine is faster or slower here.</summary>
internal static class SearchBudget
{
    /// <summary>Runs of the float model over the calibration samples that a candidate takes: what its layers read, in the float model and in itself, and trials.</summary>
    private const double PassesOverCalibration = 12;

    /// <summary>Runs over the samples of the gate: those of the quantized model.</summary>
    private const double PassesOverValidation = 1;

    /// <summary>Multiply-adds of rounding that take a second.</summary>
    private const double RoundingPerSecond = 4e9;

    /// <summary>Graphs are written and loaded, whatever the model.</summary>
    private const double FixedSeconds = 0.5;

    /// <summary>The table counts one thread of a quiet processor, and everything between the runs of models takes time too.</summary>
    private const double Slowness = 1.5;

    private const double NanosecondsPerSecond = 1e9;

    /// <param name="seconds">Of the whole search.</param>
    /// <param name="floatNanoseconds">Estimated time of the float model for one sample.</param>
    /// <param name="roundingMultiplyAdds">Of solving for all weights once: for each, its elements times what a row of them has.</param>
    /// <returns>At least 1.</returns>
    public static int Evaluations(double seconds, double floatNanoseconds, double roundingMultiplyAdds, ModelSamples samples)
    {
        double pass = floatNanoseconds / NanosecondsPerSecond * Slowness;
        double one = FixedSeconds
            + (pass * ((PassesOverCalibration * samples.Calibration.Count) + (PassesOverValidation * samples.Validation.Count)))
            + (roundingMultiplyAdds / RoundingPerSecond);
        return (int)Math.Clamp(Math.Floor(seconds / one), 1, MostEvaluations);
    }

    /// <summary>More change nothing that matters.</summary>
    private const int MostEvaluations = 64;
}
