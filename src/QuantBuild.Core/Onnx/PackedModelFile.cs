using System.Buffers;
using System.IO.Compression;

namespace QuantBuild.Onnx;

/// <summary>Model files compressed with Brotli, with parameters that depend on the size alone: one version of the library gives the same bytes every time.</summary>
internal static class PackedModelFile
{
    /// <summary>How far back repetitions are found: the most that every decoder takes.</summary>
    private const int WindowBits = 24;

    private const int BufferBytes = 1 << 16;

    /// <summary>The best quality for files up to a size. The two above 9 take thirty times as long, and gain nothing on codes of weights, which hardly repeat.</summary>
    private static readonly (long Bytes, int Quality)[] Qualities = [(16L << 20, 9), (256L << 20, 5), (long.MaxValue, 1)];

    /// <summary>What the model would weigh in a package that is compressed, with what lies beside it.</summary>
    /// <exception cref="QuantBuildException">QB2008: a file with tensors has changed.</exception>
    public static long SizeOf(ModelImage image)
    {
        using var packer = new Packer(image.SizeBytes, _ => { });
        if (image.Folder is null)
            packer.Write(image.Message);
        else
            new ModelFileWriter(image).WriteTo(packer);
        return packer.Finish();
    }

    public static void Pack(Stream from, Stream to)
    {
        using var packer = new Packer(from.Length, block => to.Write(block.Span));
        from.CopyTo(packer, BufferBytes);
        packer.Finish();
    }

    /// <summary>A stream that compresses what is written to it.</summary>
    private sealed class Packer(long totalBytes, Action<ReadOnlyMemory<byte>> write) : Stream
    {
        private readonly byte[] buffer = new byte[BufferBytes];

        private BrotliEncoder encoder = new(Qualities.First(quality => totalBytes <= quality.Bytes).Quality, WindowBits);

        private long packedBytes;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> source) => Compress(source, isFinal: false);

        public override void Write(byte[] source, int offset, int count) => Write(source.AsSpan(offset, count));

        /// <returns>How many bytes came out.</returns>
        public long Finish()
        {
            Compress([], isFinal: true);
            return packedBytes;
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] target, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            encoder.Dispose();
            base.Dispose(disposing);
        }

        private void Compress(ReadOnlySpan<byte> source, bool isFinal)
        {
            OperationStatus status;
            do
            {
                status = encoder.Compress(source, buffer, out int consumed, out int written, isFinal);
                if (status == OperationStatus.InvalidData)
                    throw new InvalidOperationException("The Brotli encoder refused a model file.");
                source = source[consumed..];
                packedBytes += written;
                write(buffer.AsMemory(0, written));
            }
            while (status == OperationStatus.DestinationTooSmall || !source.IsEmpty);
        }
    }
}
