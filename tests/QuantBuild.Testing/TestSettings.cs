using QuantBuild.Settings;

namespace QuantBuild.Testing;

/// <summary>Settings of a model that is in no project.</summary>
internal static class TestSettings
{
    public static QuantizationSettings Of(QuantizationScheme scheme, WeightStorage storage = WeightStorage.Auto) => new()
    {
        DisplayPath = "model.onnx", ModelPath = "model.onnx", Name = "model", ClassName = "Model", Scheme = scheme, Storage = storage,
    };
}
