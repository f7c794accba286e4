using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using QuantBuild.Execution;
using QuantBuild.Onnx;

namespace QuantBuild.Inspection;

/// <summary>Looks at the samples that other stages read, in passing: what is kept does not grow with their number.</summary>
internal sealed class SampleWatch
{
    /// <summary>Labels beyond so many different ones are not counted.</summary>
    private const int MostClasses = 1 << 16;

    private readonly SortedDictionary<long, long> labels = [];
    private InputWatch[] inputs = [];

    public IReadOnlyList<InputWatch> Inputs => inputs;

    public SampleSketch Sketch { get; } = new();

    public long Count { get; private set; }

    /// <summary>Samples of which no float input holds anything but zeros.</summary>
    public long EmptyCount { get; private set; }

    /// <summary>How many of them are at the end.</summary>
    public long EmptyAtEnd { get; private set; }

    /// <summary>Label → number of samples.</summary>
    public IReadOnlyDictionary<long, long> Labels => labels;

    public void Add(SampleBatch batch)
    {
        if (Count == 0)
            inputs = [.. batch.Inputs.Select(input => new InputWatch(input.Name, input.ElementType))];
        byte[] hashes = new byte[inputs.Length * SHA256.HashSizeInBytes];
        for (int sample = 0; sample < batch.Count; sample++)
        {
            bool hasFloats = false;
            bool isEmpty = true;
            for (int i = 0; i < inputs.Length; i++)
            {
                int length = batch.Inputs[i].Bytes.Length / batch.Size;
                ReadOnlySpan<byte> bytes = batch.Inputs[i].Bytes.Span.Slice(sample * length, length);
                Span<byte> hash = hashes.AsSpan(i * SHA256.HashSizeInBytes, SHA256.HashSizeInBytes);
                SHA256.HashData(bytes, hash);
                bool isZero = inputs[i].Add(bytes, BinaryPrimitives.ReadUInt64LittleEndian(hash));
                if (!inputs[i].IsFloat)
                    continue;
                hasFloats |= length > sizeof(float);
                isEmpty &= isZero;
            }
            Count++;
            Sketch.Add(BinaryPrimitives.ReadUInt64LittleEndian(inputs.Length == 1 ? hashes : SHA256.HashData(hashes)));
            EmptyCount += isEmpty && hasFloats ? 1 : 0;
            EmptyAtEnd = isEmpty && hasFloats ? EmptyAtEnd + 1 : 0;
        }
        foreach (long label in batch.Labels)
            if (labels.Count < MostClasses || labels.ContainsKey(label))
                labels[label] = labels.GetValueOrDefault(label) + 1;
    }
}

/// <summary>What the samples of one input have in common.</summary>
internal sealed class InputWatch(string name, OnnxElementType type)
{
    private const float LargestByte = 255;

    private ulong first;
    private long count;

    public string Name => name;

    public bool IsFloat => type == OnnxElementType.Float;

    /// <summary>Every sample is the same as the first.</summary>
    public bool IsConstant { get; private set; } = true;

    public bool IsZero { get; private set; } = true;

    /// <summary>All values are whole numbers from 0 to 255.</summary>
    public bool IsLikeBytes { get; private set; } = type == OnnxElementType.Float;

    /// <summary>Of values like bytes.</summary>
    public float Largest { get; private set; }

    /// <returns>True for a sample of zeros.</returns>
    public bool Add(ReadOnlySpan<byte> sample, ulong hash)
    {
        first = count++ == 0 ? hash : first;
        IsConstant &= hash == first;
        bool isZero = !sample.ContainsAnyExcept((byte)0);
        IsZero &= isZero;
        if (IsLikeBytes && !isZero)
            LookForBytes(MemoryMarshal.Cast<byte, float>(sample));
        return isZero;
    }

    /// <summary>Of an input that is no bytes, the first value that shows it is the last that is looked at.</summary>
    private void LookForBytes(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!(value is >= 0 and <= LargestByte && MathF.Floor(value) == value))
            {
                IsLikeBytes = false;
                return;
            }
            Largest = MathF.Max(Largest, value);
        }
    }
}
