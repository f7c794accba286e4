namespace QuantBuild.Settings;

/// <summary>One of the forms of a model that share a class.</summary>
/// <param name="Name">In its normal spelling: <c>WeightOnly8</c>.</param>
/// <param name="OutputName">Name of its outputs: <c>fashion.WeightOnly8</c>.</param>
internal sealed record ModelVariant(string Name, string OutputName)
{
    /// <returns>The forms of the model in the order in which they are listed; empty for a model that has only one.</returns>
    /// <param name="request">With all models of the project.</param>
    public static IReadOnlyList<ModelVariant> FamilyOf(ProjectRequest request, string? family) => family is null ? [] :
    [
        .. request.Models
            .Where(model => model.Family == family)
            .Select(model => new ModelVariant(VariantList.NormalName(model.Variant ?? "") ?? "", model.Name))
            .Where(variant => variant.Name.Length > 0),
    ];
}
