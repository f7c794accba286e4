using System.Collections.Generic;
using System.Linq;
using Microsoft.Build.Framework;

namespace QuantBuild.Tasks.Requests;

/// <summary>One of the models that are to be made of an item.</summary>
internal sealed class ModelForm
{
    private ModelForm(ITaskItem item, string name, string? variant, bool isFirst)
    {
        Item = item;
        Name = name;
        Variant = variant;
        IsFirst = isFirst;
    }

    public ITaskItem Item { get; }

    /// <summary>Of the item: see <see cref="ModelNames"/>.</summary>
    public string Name { get; }

    /// <summary>Null: the only form.</summary>
    public string? Variant { get; }

    /// <summary>What the forms of an item share is made with this one.</summary>
    public bool IsFirst { get; }

    /// <returns>In the order of the items, then of the variants.</returns>
    public static IReadOnlyList<ModelForm> Of(IReadOnlyList<ITaskItem> items, SettingNames settings)
    {
        string property = settings.Properties().FirstOrDefault(candidate => candidate.Name == SettingNames.PropertyPrefix + ModelVariants.Setting)?.Value ?? "";
        IReadOnlyList<string?>[] variants = [.. items.Select(item => ModelVariants.Of(item, property))];
        IReadOnlyList<string> names = ModelNames.For([.. items.Select(item => item.ItemSpec)], variants);
        return [.. items.SelectMany((item, i) => variants[i].Select((variant, form) => new ModelForm(item, names[i], variant, form == 0)))];
    }
}
