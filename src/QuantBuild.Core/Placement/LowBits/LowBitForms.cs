using System.Numerics;
using QuantBuild.Onnx;
using QuantBuild.Settings;

namespace QuantBuild.Placement.LowBits;

/// <summary>The forms in which a weight can be written, given what reads it.</summary>
/// <param name="Possible">The best first; <see cref="LowBitForm.Folded"/> is always one.</param>
/// <param name="IsLargeTable">Restored at load, it would take far more memory than the rows that are read: 1 MiB and more.</param>
internal sealed record LowBitForms(IReadOnlyList<LowBitForm> Possible, bool IsLargeTable)
{
    /// <summary>The operator set that DequantizeLinear has blocks in.</summary>
    public const int OpsetOfBlocks = 21;

    /// <summary>The shortest block that MatMulNBits and GatherBlockQuantized take (measured: ONNX Runtime 1.29).</summary>
    public const int ShortestBlock = 16;

    /// <summary>The longest block of MatMulNBits (measured: ONNX Runtime 1.29).</summary>
    public const int LongestBlock = 256;

    private const long FewestElementsOfLargeTable = 1 << 18;

    /// <param name="graph">That stores the weight.</param>
    /// <param name="name">Of an initializer there.</param>
    /// <param name="hasBlocks">The model has the operators of opset 21, or can be raised to it.</param>
    public static LowBitForms Of(OnnxGraph graph, string name, IReadOnlyList<long> shape, bool hasBlocks)
    {
        ValueReader[] readers = [.. graph.ReadersOf(name)];
        bool inPlace = readers.Length > 0 && !graph.IsOutput(name) && shape.Count == 2 && shape.All(dimension => dimension > 0)
            && readers.All(reader => reader.Graph == graph);
        if (inPlace && readers.All(IsProduct) && readers.Select(TransposesIt).Distinct().Count() == 1)
            return new LowBitForms(
                hasBlocks
                    ? [LowBitForm.MatMulNBits, LowBitForm.BlockedDequantize, LowBitForm.Folded]
                    : [LowBitForm.MatMulNBits, LowBitForm.Folded],
                IsLargeTable: false);
        if (inPlace && readers.All(ReadsRows))
            return new LowBitForms([LowBitForm.GatherBlockQuantized, LowBitForm.Folded], shape[0] * shape[1] >= FewestElementsOfLargeTable);
        return new LowBitForms([LowBitForm.Folded], IsLargeTable: false);
    }

    /// <summary>The form that a weight is most likely written in, which its rows decide as well.</summary>
    /// <param name="size">Of the weight.</param>
    public LowBitForm Best(LowBitSize size, QuantizationObjective objective)
    {
        LowBitForm[] able = [.. Possible.Where(form => CanHold(form, size.Bits, size.Matrix.Columns, size.BlockColumns, size.Codebooks > 0))];
        return objective == QuantizationObjective.Latency || IsLargeTable ? able[0] : able.MinBy(form => size.BytesOf(form));
    }

    /// <summary>False when the weight becomes float32 at load.</summary>
    public static bool ComputesInLowBits(LowBitForm form) => form != LowBitForm.Folded;

    /// <summary>True when a form can hold codes of these bits and blocks.</summary>
    /// <param name="columns">Of the matrix: all that a channel is multiplied with.</param>
    /// <param name="blockColumns">As many as <paramref name="columns"/>: one scale a channel.</param>
    public static bool CanHold(LowBitForm form, int bits, int columns, int blockColumns, bool isCodebook) => form switch
    {
        LowBitForm.Folded => true,
        LowBitForm.MatMulNBits => bits is 2 or 4 or 8 && !isCodebook && ProductBlock(columns, blockColumns) is not null,
        LowBitForm.BlockedDequantize => bits is 4 or 8 && !isCodebook && ProductBlock(columns, blockColumns) is { } block && columns % block == 0,
        // Rows of 2 bits are refused by the CPU kernel of the oldest runtime that models are loaded with.
        LowBitForm.GatherBlockQuantized => bits is 4 or 8 && !isCodebook && columns * bits % 8 == 0 && TableBlock(columns, blockColumns) is not null,
        _ => throw new ArgumentOutOfRangeException(nameof(form), form, null),
    };

    /// <summary>The block of MatMulNBits in which a grid can be written: its scales are repeated where the block is shorter than its own.</summary>
    public static int? ProductBlock(int columns, int blockColumns)
    {
        int most = Math.Clamp((int)BitOperations.RoundUpToPowerOf2((uint)columns), ShortestBlock, LongestBlock);
        if (blockColumns >= columns)
            return most;
        int block = Math.Min(most, blockColumns & -blockColumns);
        return block >= ShortestBlock ? block : null;
    }

    /// <summary>The block of GatherBlockQuantized in which a grid can be written; it may be longer than a row.</summary>
    public static int? TableBlock(int columns, int blockColumns)
    {
        int block = blockColumns >= columns
            ? Math.Max((int)BitOperations.RoundUpToPowerOf2((uint)columns), ShortestBlock)
            : blockColumns & -blockColumns;
        return block >= ShortestBlock ? block : null;
    }

    /// <summary>Gemm is written as a product and a sum, which have no factors.</summary>
    private static bool IsProduct(ValueReader reader) => reader.Input == 1
        && (reader.Node.Is("MatMul")
            || (reader.Node.Is("Gemm") && reader.Node.GetInt("transA", 0) == 0 && reader.Node.GetFloat("alpha", 1) == 1
                && (reader.Node.Input(2) is null || reader.Node.GetFloat("beta", 1) == 1)));

    private static bool TransposesIt(ValueReader reader) => reader.Node.GetInt("transB", 0) != 0;

    /// <summary>A gather of constant rows is computed at load anyway.</summary>
    private static bool ReadsRows(ValueReader reader) => reader.Input == 0 && reader.Node.Is("Gather") && reader.Node.GetInt("axis", 0) is 0 or -2
        && !reader.Graph.IsConstant(reader.Node.Inputs[1]);
}
