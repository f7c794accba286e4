namespace QuantBuild.Testing.Nets;

/// <summary>All nets, in a fixed order.</summary>
internal static class GeneratedNets
{
    public static IReadOnlyList<GeneratedNet> All { get; } =
    [
        SqueezeExciteNet.WithOperators,
        SqueezeExciteNet.Decomposed,
        ResidualNet.Net,
        SegmentationNet.Net,
        LstmClassifier.Net,
        GruTagger.Net,
        DetectionNet.Net,
        TransformerEncoder.Net,
        PreActivationNet.Net,
        SpeechNet.Net,
        ControlFlowNet.Net,
        OldExportNet.Net,
    ];

    public static GeneratedNet Of(string name) => All.Single(net => net.Name == name);
}
