using System.Runtime.InteropServices;

namespace QuantBuild.Execution;

/// <summary>An input that takes positions out of the batch: where it is zero, what the other inputs hold has no influence on any output.</summary>
/// <param name="Input">Its name.</param>
/// <param name="Batch">A batch that showed it.</param>
/// <param name="Changed">The same batch with other values where the mask is zero. The model's outputs are those of <paramref name="Batch"/>.</param>
internal sealed record PaddingMask(string Input, IReadOnlyList<InputTensor> Batch, IReadOnlyList<InputTensor> Changed)
{
    /// <summary>The bits of −0.0f.</summary>
    private const uint NegativeZero = 0x8000_0000;

    /// <returns>Null when the mask takes nothing out of this batch.</returns>
    public LivePositions? LiveIn(IReadOnlyList<InputTensor> batch)
    {
        LivePositions live = LivePositions.Of(batch.Single(input => input.Name == Input));
        return live.Count == live.Total ? null : live;
    }

    /// <summary>By output: true for [N, L, …] with rows of their own for the positions that are taken out, all of which follow the changed values and
    /// none of the others does. Only then have these rows no influence. A dimension may be L by chance; and rows that do not follow, as those of
    /// inputs that were multiplied with the mask, may still be part of a sum.</summary>
    /// <param name="session">Of the model, with any of its values as outputs.</param>
    public bool[] HaveRowsApart(IInferenceSession session, IReadOnlyList<string> outputs)
    {
        LivePositions live = LivePositions.Of(Batch.Single(input => input.Name == Input));
        var before = new ulong[]?[outputs.Count];
        var apart = new bool[outputs.Count];
        session.RunConcurrently(Batch, outputs, (index, output) =>
            before[index] = live.HasRowsIn(output.Shape) ? RowHashes(output.Bytes, live.Total) : null);
        session.RunConcurrently(Changed, outputs, (index, output) =>
            apart[index] = before[index] is { } rows && live.HasRowsIn(output.Shape) && AreApart(rows, RowHashes(output.Bytes, live.Total), live));
        return apart;
    }

    /// <summary>The same for one of the inputs.</summary>
    public bool HasRowsApart(string input)
    {
        LivePositions live = LivePositions.Of(Batch.Single(tensor => tensor.Name == Input));
        InputTensor before = Batch.Single(tensor => tensor.Name == input);
        InputTensor after = Changed.Single(tensor => tensor.Name == input);
        return live.HasRowsIn([.. before.Shape])
            && AreApart(RowHashes(before.Bytes.Span, live.Total), RowHashes(after.Bytes.Span, live.Total), live);
    }

    private static bool AreApart(ulong[] before, ulong[] after, LivePositions live)
    {
        var differs = new bool[before.Length];
        for (int i = 0; i < differs.Length; i++)
            differs[i] = before[i] != after[i];
        for (int i = 0; i < live.Count; i++)
            if (differs[live[i]])
                return false;
        return differs.Count(row => row) == live.Total - live.Count;
    }

    /// <summary>FNV-1a (Fowler, Noll, Vo) over units of four bytes, by row: enough to see that a row is another one, in 8 bytes instead of a copy.
    /// Zero is zero with either sign: a number times a mask of zero keeps that of the number.</summary>
    private static ulong[] RowHashes(ReadOnlySpan<byte> bytes, int rows)
    {
        var hashes = new ulong[rows];
        int length = bytes.Length / rows;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<byte> own = bytes.Slice(row * length, length);
            ulong hash = 0xCBF29CE484222325;
            foreach (uint unit in MemoryMarshal.Cast<byte, uint>(own))
                hash = (hash ^ (unit == NegativeZero ? 0 : unit)) * 0x100000001B3;
            foreach (byte unit in own[(length & ~3)..])
                hash = (hash ^ unit) * 0x100000001B3;
            hashes[row] = hash;
        }
        return hashes;
    }
}
