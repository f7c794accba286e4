using System.Globalization;
using QuantBuild.Onnx;
using QuantBuild.Placement;
using QuantBuild.Reconstruction;
using QuantBuild.Reconstruction.LowBits;
using QuantBuild.Settings;

namespace QuantBuild.Rewriting;

/// <summary>Chooses how the constants are stored that nodes compute with in float. Needs no data.</summary>
/// <remarks>
/// Eight bits where they cost no more than an integer kernel would: its activations alone, quantized to 8 bits over the range of a bell-shaped
/// distribution with its tails, keep 33 to 41 dB (10 log₁₀(12 · (255/2k)²) for a range of k standard deviations, k = 10 to 4), and a node behind such kernels has
/// that in its input. So a weight that keeps <see cref="LeastDecibels"/> does not set the accuracy of the model.
/// </remarks>
internal sealed class StorageChooser
{
    /// <summary>Just below the weakest activation of an integer kernel. Weights of trained models keep 34 to 48 dB; what keeps less has outliers.</summary>
    private const double LeastDecibels = 30;

    /// <summary>Why most small constants keep their floats.</summary>
    public const string TooSmall = "it is too small to be worth it";

    private const string ChosenBySearch = "the search found it better so";

    /// <summary>Bytes of the nodes and names that turn codes or halves into floats.</summary>
    private const long RestoringInt8Bytes = 80;

    private const long RestoringFloat16Bytes = 40;

    /// <summary>For less, a file is not worth two more nodes.</summary>
    private const long LeastSaving = 256;

    /// <summary>From here, 1 MiB of floats, a table is kept as it is stored and read by rows: a quarter of the memory and nothing to do at load, for three
    /// microseconds a run (measured on 30522 × 384: 11 instead of 45 MiB, 5.5 instead of 2.7 µs for 40 rows).</summary>
    private const long FewestElementsByRows = 1 << 18;

    private readonly QuantizationSettings settings;
    private readonly IReadOnlySet<string> excluded;
    private readonly HashSet<(OnnxNode Node, int Input)> replaced;

    private readonly LowBitCodes lowBits;

    private StorageChooser(PlacementPlan placement, LowBitCodes lowBits, QuantizationSettings settings)
    {
        this.settings = settings;
        this.lowBits = lowBits;
        excluded = placement.FloatWeights;
        replaced =
        [
            .. placement.Nodes.Where(node => node.Weight is not null).Select(node => (node.Node, node.Weight!.InputIndex)),
            .. placement.Nodes.Select(node => node.Bias).OfType<PlannedBias>().Select(bias => (bias.Reader, bias.InputIndex)),
            .. placement.DynamicNodes.SelectMany(node => node.Weights.Select(weight => (node.Node, weight.InputIndex))),
        ];
    }

    /// <param name="lowBits">What is stored in few bits.</param>
    public static StoragePlan Choose(OnnxGraph main, PlacementPlan placement, LowBitCodes lowBits, QuantizationSettings settings) =>
        settings.Scheme == QuantizationScheme.None ? StoragePlan.Unchanged : new StorageChooser(placement, lowBits, settings).Choose(main);

    private StoragePlan Choose(OnnxGraph main)
    {
        var constants = new Dictionary<ConstantKey, StoredConstant>();
        foreach (OnnxGraph graph in main.WithBodies)
            foreach (string name in graph.InitializerNames.Where(name => graph.InitializerTypeOf(name) == OnnxElementType.Float && !lowBits.Weights.ContainsKey(new ConstantKey(graph, name))))
            {
                ValueReader[] readers = [.. graph.ReadersOf(name).Where(reader => !replaced.Contains((reader.Node, reader.Input)))];
                if (readers.Length > 0 && graph.InitializerOf(name) is { } tensor)
                    constants.Add(new ConstantKey(graph, name), graph.IsOutput(name) ? Float32("it is an output of its graph") : Choose(name, tensor, readers));
            }
        return new StoragePlan(constants);
    }

    private StoredConstant Choose(string name, OnnxTensor tensor, ValueReader[] readers)
    {
        if (settings.Scheme != QuantizationScheme.Float16 && settings.Storage == WeightStorage.Float32)
            return Float32("Storage=Float32");
        if (excluded.Contains(name))
            return Float32("it belongs to an excluded node");
        int chosenBits = settings.Layers is null ? 0 : readers.Max(reader => settings.Layers.Of(reader.Node.DisplayName)?.Bits ?? 0);
        if (chosenBits == 32)
            return Float32(ChosenBySearch);
        if ((4 * tensor.Length) - Float16Bytes(tensor) < LeastSaving)
            return Float32(TooSmall);
        tensor = tensor.InMemory();
        if (tensor.HasValuesThatAreNotFinite)
            return Float32("it holds NaN or infinities");

        ChannelAxes?[] axes = [.. readers.Select(reader => ChannelAxes.Of(reader, tensor.Shape)).Distinct()];
        bool onlyFactors = !axes.Contains(null);
        string whyNotEight = settings.Scheme == QuantizationScheme.Float16 ? "Scheme=Float16"
            : settings.Storage == WeightStorage.Float16 ? "Storage=Float16"
            : chosenBits == 16 ? ChosenBySearch
            : onlyFactors ? ""
            : "its readers are not known to multiply by it";
        bool byRows = ReadByRows(tensor, readers);
        if (whyNotEight.Length == 0)
        {
            (ChannelAxes best, double decibels) = BestOf(tensor, [.. axes.Select(candidate => candidate!.Value)]);
            if (decibels >= LeastDecibels && Int8Bytes(tensor, best) < Float16Bytes(tensor))
                return new StoredConstant(StoredForm.Int8, best, byRows, Kept(decibels));
            whyNotEight = decibels < LeastDecibels ? $"8 bits keep {Text(decibels)} dB only" : "its channels are too short for a scale each";
        }
        string? whyNotSixteen = HalfPrecision.WhyNot(tensor.Floats, onlyFactors);
        bool brain = whyNotSixteen == HalfPrecision.BeyondRange && settings.Scheme == QuantizationScheme.Float16;
        if (brain && BrainPrecision.WhyNot(tensor.Floats, onlyFactors) is { } whyNotBrain)
            return Float32($"{whyNotSixteen}, and {whyNotBrain}");
        return whyNotSixteen is not null && !brain ? Float32(whyNotSixteen)
            : readers.Any(TakesDifferences) ? Float32("differences from it are taken, which need all bits")
            : brain ? new StoredConstant(StoredForm.BFloat16, default, byRows, whyNotSixteen!)
            : new StoredConstant(StoredForm.Float16, default, byRows, whyNotEight);
    }

    private static (ChannelAxes Axes, double Decibels) BestOf(OnnxTensor tensor, IReadOnlyList<ChannelAxes> candidates)
    {
        (ChannelAxes Axes, double Decibels) best = (candidates[0], double.NegativeInfinity);
        foreach (ChannelAxes axes in candidates)
            if (StoredWeight.Decibels(tensor, StoredWeight.Quantize(tensor, axes), axes) is var decibels && decibels > best.Decibels)
                best = (axes, decibels);
        return best;
    }

    private static long Float16Bytes(OnnxTensor tensor) => (2 * tensor.Length) + RestoringFloat16Bytes;

    private static long Int8Bytes(OnnxTensor tensor, ChannelAxes axes) =>
        tensor.Length + (sizeof(float) * axes.MergedShape(tensor.Shape)[axes.First]) + RestoringInt8Bytes;

    /// <summary>A gather with constant rows is computed at load anyway.</summary>
    private static bool ReadByRows(OnnxTensor tensor, ValueReader[] readers) =>
        tensor.Length >= FewestElementsByRows && tensor.Rank >= 2
        && readers.All(reader => reader.Node.Is("Gather") && reader.Input == 0 && reader.Node.GetInt("axis", 0) == 0
            && !reader.Graph.IsConstant(reader.Node.Inputs[1]));

    /// <summary>A mean that is large beside the deviation from it leaves little when 11 bits of it are subtracted.</summary>
    private static bool TakesDifferences(ValueReader reader) => reader.Node.OpType is "Sub" or "BatchNormalization";

    private static StoredConstant Float32(string reason) => new(StoredForm.Float32, default, ByRows: false, reason);

    private static string Kept(double decibels) => double.IsFinite(decibels) ? $"8 bits keep {Text(decibels)} dB" : "8 bits hold it exactly";

    private static string Text(double decibels) => decibels.ToString("0.0", CultureInfo.InvariantCulture);
}
