namespace QuantBuild.Generation.CSharp;

/// <summary>Writes the enumeration of the variants of a model.</summary>
internal static class VariantEnum
{
    public const string Fastest = "Fastest";

    public const string Smallest = "Smallest";

    public const string MostAccurate = "MostAccurate";

    /// <summary>As the source has it.</summary>
    public static string NameOf(LoaderModel model) => CSharpIdentifiers.Escape(model.ClassName + "Variant");

    public static void Write(SourceWriter writer, LoaderModel model, string visibility)
    {
        writer.WriteMember($"/// <summary>The forms of the model that <c>{model.ClassName}</c> can load, and wishes that come to one of them.</summary>");
        writer.Write(CSharpGenerator.GeneratedCodeAttribute);
        using (writer.Block($"{visibility} enum {NameOf(model)}"))
        {
            WriteMember(Fastest, "The form that takes the least time, by the costs of kernels on the processors that the model is made for.");
            WriteMember(Smallest, "The form with the smallest files.");
            WriteMember(MostAccurate, "The form with the smallest loss of accuracy that the build measured.");
            foreach (LoaderVariant variant in model.Variants)
                WriteMember(variant.Name, MeaningOf(variant.Name));
        }

        void WriteMember(string name, string meaning)
        {
            writer.Write($"/// <summary>{meaning}</summary>");
            writer.Write(name + ",");
        }
    }

    public static string MeaningOf(string variant) => variant switch
    {
        "Static" => "Weights in 8 bits, computed in 8-bit integers.",
        "Dynamic" => "Weights of products in 8 bits, computed in 8-bit integers whose ranges are found at every run.",
        "WeightOnly8" => "Weights in 8 bits, computed in float.",
        "WeightOnly4" => "Weights in 4 bits, computed in float; large matrix products may round what they multiply with them to 8 bits.",
        "Float16" => "Weights in 16 bits, computed in float.",
        "None" => "The float model.",
        _ => throw new ArgumentOutOfRangeException(nameof(variant), variant, "There is no such variant."),
    };
}
