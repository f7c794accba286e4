using QuantBuild.Onnx;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Stores scales in the smallest type that holds all of them exactly: int8, float16 or float32.</summary>
internal sealed class StoredScales(GraphEditor editor, ConstantPool constants)
{
    /// <summary>Bytes of a node that turns them into floats, with its names.</summary>
    public const int CastBytes = 36;

    /// <returns>Name of the tensor of float32.</returns>
    public string Store(float[] scales, long[] shape) => TypeOf(scales) switch
    {
        OnnxElementType.Int8 => Cast(OnnxTensor.Create<sbyte>(OnnxElementType.Int8, shape, [.. scales.Select(scale => (sbyte)scale)])),
        OnnxElementType.Float16 => Cast(OnnxTensor.Create<Half>(OnnxElementType.Float16, shape, [.. scales.Select(scale => (Half)scale)])),
        _ => constants.Store(OnnxTensor.Float(shape, scales)),
    };

    /// <summary>The type whose elements and nodes take the fewest bytes.</summary>
    public static OnnxElementType TypeOf(ReadOnlySpan<float> scales)
    {
        if (scales.Length * (sizeof(float) - sizeof(sbyte)) > CastBytes && All(scales, scale => (sbyte)Math.Clamp(scale, sbyte.MinValue, sbyte.MaxValue)))
            return OnnxElementType.Int8;
        return scales.Length * (sizeof(float) / 2) > CastBytes && All(scales, scale => (float)(Half)scale) ? OnnxElementType.Float16 : OnnxElementType.Float;
    }

    private static bool All(ReadOnlySpan<float> scales, Func<float, float> stored)
    {
        foreach (float scale in scales)
            if (stored(scale) != scale)
                return false;
        return true;
    }

    private string Cast(OnnxTensor tensor)
    {
        string floats = editor.UniqueName("scales");
        editor.AddNode("Cast", [constants.Store(tensor)], [floats]).SetInt("to", (long)OnnxElementType.Float);
        return floats;
    }
}
