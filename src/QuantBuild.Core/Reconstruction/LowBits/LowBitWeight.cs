using QuantBuild.Execution;
using QuantBuild.Placement.LowBits;

namespace QuantBuild.Reconstruction.LowBits;

/// <summary>A weight in few bits.</summary>
/// <param name="Matrix">How the tensor is seen.</param>
/// <param name="Grid">What the codes stand for.</param>
/// <param name="Codes">[channels, columns], one in each byte, 0 to 2^bits − 1.</param>
internal sealed record LowBitWeight(WeightMatrix Matrix, LevelGrid Grid, byte[] Codes)
{
    private StoredCodes stored = new(Codes);

    public byte[] Codes
    {
        get => stored.Codes;
        init => stored = new StoredCodes(value);
    }

    /// <summary>The same weight, whose codes lie in a file and are read when somebody asks for them.</summary>
    public LowBitWeight MovedTo(ScratchFile file) => new(Matrix, Grid, []) { stored = stored.MovedTo(file) };

    /// <summary>What the codes stand for, in the order of the tensor.</summary>
    public float[] ToTensor()
    {
        byte[] codes = Codes;
        var rows = new float[codes.Length];
        for (int channel = 0, i = 0; channel < Grid.Channels; channel++)
            for (int column = 0; column < Grid.Columns; column++, i++)
                rows[i] = Grid.ValueOf(channel, column, codes[i]);
        return Matrix.ToTensor<float>(rows);
    }
}
