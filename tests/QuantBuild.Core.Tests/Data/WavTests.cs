using System.Buffers.Binary;
using QuantBuild.Testing;

namespace QuantBuild.Core.Tests.Data;

[TestClass]
public sealed class WavTests
{
    private readonly SetFolder set = new() { Model = new ModelBuilder().Input("audio", "n,length") };

    [TestCleanup]
    public void DeleteFolder() => set.Dispose();

    [TestMethod]
    [DataRow(1, 8, new byte[] { 0, 128, 192 }, "-1,0,0.5")]
    [DataRow(1, 16, new byte[] { 0, 0x80, 0, 0, 0, 0x40 }, "-1,0,0.5")]
    [DataRow(1, 24, new byte[] { 0, 0, 0x80, 0, 0, 0, 0, 0, 0x40 }, "-1,0,0.5")]
    [DataRow(1, 32, new byte[] { 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0x40 }, "-1,0,0.5")]
    [DataRow(3, 32, new byte[] { 0, 0, 0x80, 0xBF, 0, 0, 0, 0, 0, 0, 0, 0x3F }, "-1,0,0.5")]
    public void Read_EveryForm_FromMinusOneToOne(int format, int bits, byte[] sound, string expected)
    {
        set.Write("set/a.wav", Wav(format, bits, sound));

        CollectionAssert.AreEqual(new[] { $"audio[1,3]:{expected}" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_SeveralChannels_TheirMean()
    {
        set.Write("set/a.wav", Wav(1, 8, [128, 192, 0, 128], channels: 2));

        CollectionAssert.AreEqual(new[] { "audio[1,2]:0.25,-0.5" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_ChunksBesideTheSound_AreSkipped()
    {
        byte[] plain = Wav(1, 8, [128, 192]);
        set.Write("set/a.wav", [.. plain[..12], .. "LIST"u8, 3, 0, 0, 0, 1, 2, 3, 0, .. plain[12..], .. "id3 "u8, 1, 0, 0, 0, 9]);

        CollectionAssert.AreEqual(new[] { "audio[1,2]:0,0.5" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_ClassFoldersOfDifferentLengths_OneByOneWithLabels()
    {
        set.Write("set/yes/1.wav", Wav(1, 8, [128])).Write("set/no/1.wav", Wav(1, 8, [128, 128]));

        CollectionAssert.AreEqual(new[] { "audio[1,2]:0,0 = 0", "audio[1,1]:0 = 1" }, set.Read("set", batch: 4));
    }

    [TestMethod]
    public void Read_InputWithAnAxisForTheChannel_HasIt()
    {
        set.Model = new ModelBuilder().Input("audio", "n,1,length");
        set.Write("set/a.wav", Wav(1, 8, [128, 192]));

        CollectionAssert.AreEqual(new[] { "audio[1,1,2]:0,0.5" }, set.Read("set"));
    }

    [TestMethod]
    public void Read_OtherSamplingRate_QB4019NamesBoth()
    {
        set.Write("set/a.wav", Wav(1, 8, [128])).Write("set/b.wav", Wav(1, 8, [128], rate: 44_100));

        Assert.AreEqual("QB4019: In 'set' the file 'b.wav' has 44100 samples a second, but 'a.wav' has 16000.", set.Problem("set"));
    }

    [TestMethod]
    public void Read_FixedLengthAndALongerRecording_QB4014()
    {
        set.Model = new ModelBuilder().Input("audio", "n,2");
        set.Write("set/a.wav", Wav(1, 8, [128, 128])).Write("set/b.wav", Wav(1, 8, [128, 128, 128]));

        Assert.AreEqual("QB4014: In 'set' 'b.wav' does not fit: its shape is [3], but the model's input 'audio' is float32 [n,2].", set.Problem("set"));
    }

    [TestMethod]
    public void Read_FileThatIsWrong_QB4001NamesIt()
    {
        Refused([.. "RIFF"u8], "it is not a WAV file");
        Refused([.. "ID3\u0004 an MP3 under another name"u8], "it is not a WAV file");
        Refused(Wav(1, 12, [0, 0]), "its sound is stored as format 1 with 12 bits; PCM of 8, 16, 24 and 32 bits and float of 32 bits can be read");
        Refused(Wav(85, 16, [0, 0]), "its sound is stored as format 85 with 16 bits; PCM of 8, 16, 24 and 32 bits and float of 32 bits can be read");
        Refused(Wav(1, 8, [0], channels: 0), "it has 0 channels and 16000 samples a second, which is no sound");
        Refused(Wav(1, 8, [0], rate: 0), "it has 1 channels and 0 samples a second, which is no sound");
        Refused(Wav(1, 8, [1, 2, 3, 4])[..^2], "it ends early; the file is truncated or damaged");
        Refused(Wav(1, 8, [])[..36], "it ends early; the file is truncated or damaged");

        byte[] bomb = Wav(1, 8, [1, 2]);
        BinaryPrimitives.WriteUInt32LittleEndian(bomb.AsSpan(40), uint.MaxValue);
        Refused(bomb, "it ends early; the file is truncated or damaged");

        void Refused(byte[] file, string why)
        {
            set.Write("set/a.wav", file);
            Assert.AreEqual($"QB4001: The data file 'set/a.wav' cannot be read: {why}", set.Problem("set"));
        }
    }

    /// <summary>A byte of sound becomes a float of four.</summary>
    [TestMethod]
    public void Read_RecordingThatFitsInBytesAndNotInFloats_QB4001()
    {
        const int frames = 600_000_000;
        byte[] header = Wav(1, 8, []);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), frames);
        set.Write("set/a.wav", header);
        using (FileStream file = File.OpenWrite(set.PathOf("set/a.wav")))
            file.SetLength(header.Length + (long)frames);

        Assert.AreEqual(
            $"QB4001: The data file 'set/a.wav' cannot be read: it is a recording of {frames} samples, which is too long for one sample of data",
            set.Problem("set"));
    }

    private static byte[] Wav(int format, int bits, byte[] sound, int channels = 1, int rate = 16_000)
    {
        byte[] header = new byte[44];
        "RIFF"u8.CopyTo(header);
        "WAVEfmt "u8.CopyTo(header.AsSpan(8));
        "data"u8.CopyTo(header.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(4), 36 + sound.Length);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(20), (short)format);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(22), (short)channels);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(24), rate);
        BinaryPrimitives.WriteInt16LittleEndian(header.AsSpan(34), (short)bits);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(40), sound.Length);
        return [.. header, .. sound];
    }
}
