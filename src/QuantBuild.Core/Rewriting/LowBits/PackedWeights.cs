using System.Security.Cryptography;
using QuantBuild.Onnx;
using QuantBuild.Placement.LowBits;
using QuantBuild.Reconstruction.LowBits;

namespace QuantBuild.Rewriting.LowBits;

/// <summary>Weights of a graph that are stored in few bits and restored by standard operators on constants, once, when a runtime loads the model.</summary>
/// <remarks>
/// <code>
/// w  =  Reshape(levels − zero points) · scales        bit for bit <see cref="LowBitWeight.ToTensor"/>
/// </code>
/// Nodes and names weigh more than a small weight does, so that such weights share the nodes that unpack them. A large one has its own: what is made on the
/// way to its values is then no larger than it has to be.
/// </remarks>
internal sealed class PackedWeights(GraphEditor editor, ConstantPool constants, int opset)
{
    private readonly Dictionary<(int Bits, bool Centred), PackedStream> shared = [];
    private readonly List<PackedStream> streams = [];
    private readonly Dictionary<(int Bits, bool Centred, string Hash), string> unpacked = [];

    /// <summary>Adds a weight that is a tensor of float32.</summary>
    /// <param name="restored">Name of the value that has the shape of the tensor.</param>
    public void AddFloats(LowBitWeight weight, IReadOnlyList<long> shape, string restored) => Restore(weight, shape, restored);

    /// <summary>Adds a weight all of whose values are whole numbers from −128 to 127.</summary>
    /// <returns>Name of the tensor of int8.</returns>
    public string AddInt8(LowBitWeight weight, IReadOnlyList<long> shape)
    {
        string restored = editor.UniqueName("codes");
        editor.AddNode("Cast", [Restore(weight, shape, null)], [restored]).SetInt("to", (long)OnnxElementType.Int8);
        return restored;
    }

    /// <summary>Writes what unpacks all weights that were added.</summary>
    public void Write()
    {
        foreach (PackedStream stream in streams)
            stream.Write(editor, constants, opset);
        streams.Clear();
        shared.Clear();
        unpacked.Clear();
    }

    private string Restore(LowBitWeight weight, IReadOnlyList<long> shape, string? restored)
    {
        LevelGrid grid = weight.Grid;
        var arrangement = BlockArrangement.Of(weight, shape);
        var steps = new Steps(editor, restored);
        byte[] codes = arrangement.InOrderOfTensor ? weight.Matrix.ToTensor<byte>(weight.Codes) : weight.Codes;
        steps.Add("Reshape", Unpacked(codes, grid.Bits, centred: grid.Codebooks is null), Shape(arrangement.Codes));
        if (grid.Codebooks is { } codebooks)
        {
            if (codebooks.Count > 1)
            {
                int[] offsets = [.. Enumerable.Range(0, grid.Channels).Select(channel => (grid.CodebookOfChannel?[channel] ?? 0) * grid.LevelCount)];
                steps.Add("Add", steps.Last, constants.Store(OnnxTensor.Create<int>(OnnxElementType.Int32, arrangement.Channels, offsets)));
            }
            float[] levels = [.. codebooks.SelectMany(codebook => codebook)];
            steps.Add("Gather", constants.Store(OnnxTensor.Float([levels.Length], levels)), steps.Last);
        }
        if (grid.ZeroPoints is { } zeros && grid.Codebooks is null)
        {
            var zeroSteps = new Steps(editor, null);
            zeroSteps.Add("Reshape", Unpacked(arrangement.Arrange(zeros, grid.Channels), grid.Bits, centred: true), Shape(arrangement.Blocks));
            steps.Add("Sub", steps.Last, Repeated(zeroSteps.Last, grid, arrangement));
        }
        if (grid.Scales.AsSpan().ContainsAnyExcept(1f))
            steps.Add("Mul", steps.Last, Repeated(Scales(arrangement.Arrange(grid.Scales, grid.Channels), arrangement.Blocks), grid, arrangement));
        if (arrangement.Transposed)
        {
            if (weight.Matrix.Inner > 1)
                steps.Add("Reshape", steps.Last, Shape([weight.Matrix.Channels, weight.Matrix.Outer, weight.Matrix.Inner]));
            else if (arrangement.Codes.Length > 2)
                steps.Add("Reshape", steps.Last, Shape([weight.Matrix.Channels, weight.Matrix.Outer]));
            steps.Add("Transpose", steps.Last).SetInts("perm", weight.Matrix.Inner > 1 ? [1, 0, 2] : [1, 0]);
        }
        long[] now = !arrangement.Transposed ? arrangement.Codes
            : weight.Matrix.Inner > 1 ? [weight.Matrix.Outer, weight.Matrix.Channels, weight.Matrix.Inner]
            : [weight.Matrix.Outer, weight.Matrix.Channels];
        if (!now.SequenceEqual(shape))
            steps.Add("Reshape", steps.Last, Shape(shape));
        return steps.End();
    }

    /// <summary>Equal codes are stored and unpacked once.</summary>
    /// <returns>Name of a value with as many elements as there are codes.</returns>
    private string Unpacked(byte[] codes, int bits, bool centred)
    {
        var key = (bits, centred, Convert.ToHexString(SHA256.HashData(codes)));
        if (unpacked.TryGetValue(key, out string? equal))
            return equal;
        string name = editor.UniqueName("part");
        unpacked.Add(key, name);
        if (codes.Length >= LowBitSize.FewestCodesAlone || !shared.TryGetValue((bits, centred), out PackedStream? stream))
        {
            stream = new PackedStream(bits, centred);
            streams.Add(stream);
            if (codes.Length < LowBitSize.FewestCodesAlone)
                shared.Add((bits, centred), stream);
        }
        stream.Add(codes, name);
        return name;
    }

    private string Repeated(string blocks, LevelGrid grid, BlockArrangement arrangement)
    {
        if (!arrangement.LastBlockIsShorter)
            return blocks;
        var steps = new Steps(editor, null);
        steps.Add("Expand", blocks, Shape([grid.Channels, grid.BlocksPerChannel, grid.BlockColumns]));
        steps.Add("Reshape", steps.Last, Shape([grid.Channels, (long)grid.BlocksPerChannel * grid.BlockColumns]));
        steps.Add("Slice", steps.Last, Shape([0]), Shape([grid.Columns]), Shape([1]));
        return steps.End();
    }

    private string Scales(float[] scales, long[] shape) => new StoredScales(editor, constants).Store(scales, shape);

    private string Shape(IReadOnlyList<long> shape) => constants.Store(OnnxTensor.Int64s([.. shape]));

    /// <summary>A chain of nodes whose last one may have to give its output a certain name.</summary>
    private sealed class Steps(GraphEditor editor, string? name)
    {
        private OnnxNode? last;

        public string Last => last!.Outputs[0];

        public OnnxNode Add(string opType, params string[] inputs) => last = editor.AddNode(opType, inputs, [editor.UniqueName("w")]);

        public string End()
        {
            if (name is not null)
                editor.SetOutput(last!, 0, name);
            return Last;
        }
    }
}
