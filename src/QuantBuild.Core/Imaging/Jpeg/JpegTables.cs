using System.Buffers.Binary;

namespace QuantBuild.Imaging.Jpeg;

/// <summary>The tables that a JPEG file defines between its scans; a later one replaces an earlier.</summary>
internal sealed class JpegTables
{
    private readonly int[]?[] quantization = new int[]?[4];
    private readonly HuffmanTable?[] dc = new HuffmanTable?[4];
    private readonly HuffmanTable?[] ac = new HuffmanTable?[4];

    /// <summary>Units between two restart markers; 0 for none.</summary>
    public int RestartInterval { get; private set; }

    public void ReadRestartInterval(ReadOnlySpan<byte> data) =>
        RestartInterval = data.Length == 2 ? BinaryPrimitives.ReadUInt16BigEndian(data) : throw Damaged();

    public void ReadQuantization(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            (int precision, int index) = (data[0] >> 4, data[0] & 15);
            int bytes = precision + 1;
            if (precision > 1 || index > 3 || data.Length < 1 + (64 * bytes))
                throw Damaged();
            int[] table = new int[64];
            for (int k = 0; k < table.Length; k++)
                table[BlockDecoder.Zigzag[k]] = bytes == 1 ? data[1 + k] : BinaryPrimitives.ReadUInt16BigEndian(data[(1 + (2 * k))..]);
            quantization[index] = table;
            data = data[(1 + (64 * bytes))..];
        }
    }

    public void ReadHuffman(ReadOnlySpan<byte> data)
    {
        while (data.Length > 0)
        {
            if (data.Length < 17)
                throw Damaged();
            (int kind, int index) = (data[0] >> 4, data[0] & 15);
            ReadOnlySpan<byte> counts = data.Slice(1, 16);
            int total = 0;
            foreach (byte count in counts)
                total += count;
            if (kind > 1 || index > 3 || total > 256 || data.Length < 17 + total)
                throw Damaged();
            HuffmanTable table = new(counts, data.Slice(17, total));
            if (kind == 0 && table.LargestSymbol > 15)
                throw Damaged();
            (kind == 0 ? dc : ac)[index] = table;
            data = data[(17 + total)..];
        }
    }

    /// <summary>Sets the tables of a component for a scan.</summary>
    public void Apply(JpegComponent component, int dcIndex, int acIndex, bool needsDc, bool needsAc)
    {
        if (dcIndex > 3 || acIndex > 3)
            throw Damaged();
        component.DcTable = dc[dcIndex];
        component.AcTable = ac[acIndex];
        if (component.Quantization.Length == 0)
            component.Quantization = quantization[component.QuantizationTable] ?? throw Missing();
        if ((needsDc && component.DcTable is null) || (needsAc && component.AcTable is null))
            throw Missing();
    }

    private static InvalidDataException Damaged() => new("one of its tables is damaged");

    private static InvalidDataException Missing() => new("it uses a table that it does not have; the file is damaged");
}
