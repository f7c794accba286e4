using QuantBuild.Diagnostics;
using QuantBuild.Evaluation;
using QuantBuild.Execution;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Models whose layers are told their forms. All of them come from the same one with everything in 8 bits, so that who knows the forms makes
/// what a search has made.</summary>
internal static class FormedLayers
{
    private static readonly string[] StepsBefore = [SettingCatalogue.SmoothQuant.Name, SettingCatalogue.CrossLayerEqualization.Name];

    /// <param name="settled">What the plain model has tried is not tried again.</param>
    public static MadeModel Make(CandidateMaker maker, QuantizationSettings settled, MadeModel plain, LayerAssignment nodes)
    {
        QuantizationSettings told = settled with { Layers = nodes };
        MadeModel made = maker.Make(told, maker.Draft(told, new DiagnosticBag(), plain.Draft));
        RecoveryOutcome[] before = [.. plain.Recovery.Where(step => StepsBefore.Contains(step.Step))];
        return made with { Recovery = [.. before, .. made.Recovery] };
    }

    /// <summary>What a search has made, without a search.</summary>
    /// <param name="settings">With forms.</param>
    /// <param name="draft">Everything in 8 bits.</param>
    public static MadeModel Again(CandidateMaker maker, QuantizationSettings settings, Draft draft, IInferenceEngine engine, ModelSamples samples)
    {
        LayerAssignment nodes = settings.Layers!;
        QuantizationSettings eight = settings with { Layers = null };
        MadeModel plain = maker.Make(eight, draft);
        bool keepsPlain = false;
        try
        {
            QuantizationSettings settled = SettledSteps.Of(eight, plain);
            keepsPlain = new SearchedLayers(plain, settled, engine, samples).PlainForms.Text == nodes.Text;
            return keepsPlain ? plain with { Settings = plain.Settings with { Layers = nodes } } : Make(maker, settled, plain, nodes);
        }
        finally
        {
            if (!keepsPlain)
                plain.Dispose();
        }
    }
}
