using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using QuantBuild.Data;
using QuantBuild.Onnx;

namespace QuantBuild.Providers;

/// <summary>One sample as the user's class gave it, its arrays ordered by name.</summary>
internal sealed record ProviderSample(IReadOnlyList<ProviderArray> Arrays)
{
    /// <exception cref="InvalidDataException">It is no sample; the message says why.</exception>
    public static ProviderSample Read(IEnumerable<KeyValuePair<string, Array?>> given, SampleSetRequest request)
    {
        ProviderArray[] arrays = [.. given.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => ProviderArray.Of(pair.Key, pair.Value, request))];
        if (arrays.Length == 0)
            throw new InvalidDataException("it has no arrays");
        for (int i = 1; i < arrays.Length; i++)
            if (arrays[i].Name == arrays[i - 1].Name)
                throw new InvalidDataException($"it has two arrays named '{arrays[i].Name}'");
        return new ProviderSample(arrays);
    }

    /// <summary>Of names, types, shapes and elements; equal for equal samples.</summary>
    public ulong Hash()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (ProviderArray array in Arrays)
        {
            hash.AppendData(Encoding.UTF8.GetBytes($"{array.Name}\n{array.ElementType} {string.Join(',', array.Shape)}\n"));
            hash.AppendData(array.Bytes);
        }
        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());
    }
}

/// <param name="Shape">Without an axis for samples.</param>
internal sealed record ProviderArray(string Name, OnnxElementType ElementType, IReadOnlyList<long> Shape, Array Elements, byte[]? Text)
{
    private static readonly (Type Type, OnnxElementType ElementType)[] Types =
    [
        (typeof(float), OnnxElementType.Float),
        (typeof(double), OnnxElementType.Double),
        (typeof(Half), OnnxElementType.Float16),
        (typeof(long), OnnxElementType.Int64),
        (typeof(int), OnnxElementType.Int32),
        (typeof(short), OnnxElementType.Int16),
        (typeof(sbyte), OnnxElementType.Int8),
        (typeof(ulong), OnnxElementType.UInt64),
        (typeof(uint), OnnxElementType.UInt32),
        (typeof(ushort), OnnxElementType.UInt16),
        (typeof(byte), OnnxElementType.UInt8),
        (typeof(bool), OnnxElementType.Bool),
        (typeof(string), OnnxElementType.String),
    ];

    /// <summary>Little-endian, row-major; strings as <see cref="SampleStrings"/> writes them.</summary>
    public ReadOnlySpan<byte> Bytes => Text ?? MemoryMarshal.CreateReadOnlySpan(
        ref MemoryMarshal.GetArrayDataReference(Elements), checked(Elements.Length * ElementType.SizeBytes()));

    /// <exception cref="InvalidDataException">It is null or holds what no model takes.</exception>
    public static ProviderArray Of(string name, Array? elements, SampleSetRequest request)
    {
        if (elements is null)
            throw new InvalidDataException($"its array '{name}' is null");
        Type type = elements.GetType().GetElementType()!;
        OnnxElementType elementType = Types.FirstOrDefault(one => one.Type == type).ElementType;
        if (elementType == OnnxElementType.Undefined)
            throw new InvalidDataException(type.IsArray
                ? $"its array '{name}' is {TypeName(elements.GetType())}, an array of arrays; give {TypeName(InnermostOf(type))}[,] or a flat array"
                : $"its array '{name}' holds {TypeName(type)}; allowed are {string.Join(", ", Types.Select(one => TypeName(one.Type)))}");
        if (elements is string?[] texts && Array.Exists(texts, text => text is null))
            throw new InvalidDataException($"its array '{name}' holds a string that is null");
        if (elements is string[,] or string[,,])
            throw new InvalidDataException($"its array '{name}' has several axes of strings; give a flat array");
        long[] shape = [.. Enumerable.Range(0, elements.Rank).Select(elements.GetLongLength)];
        return new ProviderArray(name, elementType, ShapeFor(name, shape, request), elements, elements is string[] strings ? SampleStrings.ToBytes(strings) : null);
    }

    /// <summary>Gives the user's code what <see cref="Of"/> takes from it.</summary>
    /// <param name="rank">One: flat. Otherwise axes of one before those of <paramref name="shape"/> make up for what it has too few.</param>
    public static Array ToArray(OnnxElementType elementType, IReadOnlyList<long> shape, int rank, ReadOnlySpan<byte> bytes)
    {
        if (elementType == OnnxElementType.String)
            return SampleStrings.Read(bytes).ToArray();
        int[] lengths = rank == 1
            ? [checked((int)Product(shape))]
            : [.. Enumerable.Repeat(1, Math.Max(0, rank - shape.Count)), .. shape.Select(length => checked((int)length))];
        var array = Array.CreateInstance(Types.First(one => one.ElementType == elementType).Type, lengths);
        bytes.CopyTo(MemoryMarshal.CreateSpan(ref MemoryMarshal.GetArrayDataReference(array), bytes.Length));
        return array;
    }

    /// <summary>A flat array takes the shape of the input where that is known; a first axis of one, that of a batch of one, is left out.</summary>
    private static IReadOnlyList<long> ShapeFor(string name, long[] shape, SampleSetRequest request)
    {
        if (request.Shapes.TryGetValue(name, out IReadOnlyList<long>? written) && shape.Length == 1 && Product(written) == shape[0])
            return written;
        if (request.Input(name)?.Shape is not { Count: > 0 } input)
            return request.Input(name) is { Shape: not null } && shape is [1] ? [] : shape;
        long?[] whole = [.. input.Select(dimension => dimension.Value)];
        long?[] sample = whole[1..];
        if (Fits(shape, sample))
            return shape;
        if (shape.Length == input.Count && shape[0] == 1 && Fits(shape[1..], sample))
            return shape[1..];
        if (shape.Length == 1 && shape.Length != whole.Length)
            return Filled(shape[0], sample) ?? Filled(shape[0], whole) ?? shape;
        return shape;
    }

    private static bool Fits(long[] shape, long?[] expected) =>
        shape.Length == expected.Length && shape.Zip(expected).All(pair => pair.Second is null || pair.First == pair.Second);

    /// <summary>The shape with the only free axis as long as the number of elements makes it; null when several are free or it does not come out even.</summary>
    private static IReadOnlyList<long>? Filled(long length, long?[] shape)
    {
        long known = shape.Aggregate(1L, (product, dimension) => product * (dimension ?? 1));
        int free = shape.Count(dimension => dimension is null);
        if (free > 1 || known == 0 || length % known != 0 || (free == 0 && known != length))
            return null;
        return [.. shape.Select(dimension => dimension ?? (length / known))];
    }

    private static long Product(IEnumerable<long> shape) => shape.Aggregate(1L, (product, dimension) => product * dimension);

    private static Type InnermostOf(Type type) => type.IsArray ? InnermostOf(type.GetElementType()!) : type;

    /// <summary>As C# writes it.</summary>
    private static string TypeName(Type type)
    {
        if (type.IsArray)
            return $"{TypeName(InnermostOf(type))}{string.Concat(Ranks(type))}";
        return Type.GetTypeCode(type) switch
        {
            TypeCode.Single => "float",
            TypeCode.Double => "double",
            TypeCode.Int64 => "long",
            TypeCode.Int32 => "int",
            TypeCode.Int16 => "short",
            TypeCode.SByte => "sbyte",
            TypeCode.UInt64 => "ulong",
            TypeCode.UInt32 => "uint",
            TypeCode.UInt16 => "ushort",
            TypeCode.Byte => "byte",
            TypeCode.Boolean => "bool",
            TypeCode.String => "string",
            _ => type.Name,
        };
    }

    private static IEnumerable<string> Ranks(Type type)
    {
        for (Type? array = type; array.IsArray; array = array.GetElementType()!)
            yield return $"[{new string(',', array.GetArrayRank() - 1)}]";
    }
}
