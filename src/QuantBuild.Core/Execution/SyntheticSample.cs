using QuantBuild.Onnx;

namespace QuantBuild.Execution;

/// <summary>Makes inputs for a model of which only the signature is known: enough to run it, not to measure accuracy.</summary>
internal static class SyntheticSample
{
    /// <summary>Any number; the same values every time.</summary>
    private const int Seed = 20;

    /// <param name="batch">Length of a free first axis.</param>
    /// <param name="shapes">Shapes of one sample by input, without the first axis where the model counts samples there.</param>
    /// <param name="freeAxis">Length of every other free axis that <paramref name="shapes"/> does not give; null: there must be none.</param>
    /// <returns>Null with the input that cannot be made in <paramref name="problem"/>.</returns>
    public static IReadOnlyList<InputTensor>? Of(
        ModelSignature signature, long batch, IReadOnlyDictionary<string, IReadOnlyList<long>> shapes, long? freeAxis, out string problem)
    {
        var inputs = new List<InputTensor>();
        problem = "";
        foreach (TensorSignature input in signature.Inputs)
        {
            if (ShapeOf(input, batch, shapes.GetValueOrDefault(input.Name), freeAxis) is not { } shape || input.ElementType.SizeBytes() == 0)
            {
                problem = $"'{input.Name}' {input}";
                return null;
            }
            long length = shape.Aggregate(1L, (product, dimension) => product * dimension);
            inputs.Add(new InputTensor(input.Name, input.ElementType, shape, Elements(input.ElementType, length)));
        }
        return inputs;
    }

    private static long[]? ShapeOf(TensorSignature input, long batch, IReadOnlyList<long>? given, long? freeAxis)
    {
        if (input.Shape is not { } declared)
            return given is null ? null : [.. given];
        int first = given is null ? 0 : declared.Count - given.Count;
        if (first is not (0 or 1))
            return null;
        var shape = new long[declared.Count];
        for (int axis = 0; axis < shape.Length; axis++)
        {
            long? length = declared[axis].Value ?? (axis >= first && given is not null ? given[axis - first] : axis == 0 ? batch : freeAxis);
            if (length is null)
                return null;
            shape[axis] = length.Value;
        }
        return shape;
    }

    /// <summary>Floats are spread over −1 to 1; whole numbers are 0 and 1, which every table of embeddings has.</summary>
    private static byte[] Elements(OnnxElementType type, long length)
    {
        var random = new Random(Seed);
        byte[] bytes = new byte[length * type.SizeBytes()];
        for (long i = 0; i < length; i++)
        {
            Span<byte> element = bytes.AsSpan((int)(i * type.SizeBytes()), type.SizeBytes());
            switch (type)
            {
                case OnnxElementType.Float:
                    BitConverter.TryWriteBytes(element, (2 * random.NextSingle()) - 1);
                    break;
                case OnnxElementType.Double:
                    BitConverter.TryWriteBytes(element, (2 * random.NextDouble()) - 1);
                    break;
                case OnnxElementType.Float16:
                    BitConverter.TryWriteBytes(element, (Half)((2 * random.NextSingle()) - 1));
                    break;
                default:
                    element[0] = (byte)random.Next(2);
                    break;
            }
        }
        return bytes;
    }
}
