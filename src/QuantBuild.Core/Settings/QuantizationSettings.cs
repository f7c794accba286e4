namespace QuantBuild.Settings;

/// <summary>Everything that was decided for one model: typed, complete, checked, with defaults in place.</summary>
internal sealed record QuantizationSettings
{
    /// <summary>The item's <c>Include</c> as the user wrote it, for messages; of a variant with its name: <c>fashion.onnx#Static</c>.</summary>
    public required string DisplayPath { get; init; }

    /// <summary>The item's <c>Include</c>, for messages about what its variants share; null: <see cref="DisplayPath"/>.</summary>
    public string? Item { get; init; }

    /// <summary>Which of the item's variants this is, in its normal spelling; null for a model that has one form only.</summary>
    public string? Variant { get; init; }

    /// <summary>Name of the generated code, which the variants of an item share; null for a model that has one form only.</summary>
    public string? Family { get; init; }

    /// <summary>Absolute path of the float model.</summary>
    public required string ModelPath { get; init; }

    /// <summary>Name of the outputs, unique in the project.</summary>
    public required string Name { get; init; }

    public QuantizationScheme Scheme { get; init; } = QuantizationScheme.Static;

    /// <summary>Absolute path, or null.</summary>
    public string? CalibrationData { get; init; }

    /// <summary>Absolute path, or null: every fourth calibration sample is held out.</summary>
    public string? ValidationData { get; init; }

    /// <summary>The user's class that gives samples; null: they are read from files.</summary>
    public ProviderReference? DataProvider { get; init; }

    /// <summary>At most so many calibration samples are used; null: all.</summary>
    public int? SampleLimit { get; init; }

    /// <summary>Decides which samples are taken and held out; null: those from the start, and every fourth.</summary>
    public long? SampleSeed { get; init; }

    /// <summary>Absolute path of the file with the names of the classes, or null.</summary>
    public string? Labels { get; init; }

    /// <summary>Name of the array, column or key that holds labels.</summary>
    public string LabelName { get; init; } = "labels";

    /// <summary>Shapes of single samples by input, for formats that have none.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<long>> DataShapes { get; init; } = new Dictionary<string, IReadOnlyList<long>>();

    /// <summary>How pictures become the model's input.</summary>
    public ImageSettings Images { get; init; } = new();

    public Granularity Granularity { get; init; } = Granularity.PerChannel;

    /// <summary>Bits of the weights, and what they stand for.</summary>
    public LowBitSettings LowBits { get; init; } = LowBitSettings.EightBits;

    /// <summary>Bytes that the exposed values of one batch and the statistics of all activations may take together during calibration.</summary>
    public long MemoryLimit { get; init; } = 2L << 30;

    public RangeEstimator RangeEstimator { get; init; } = RangeEstimator.Auto;

    public BiasCorrectionMode BiasCorrection { get; init; } = BiasCorrectionMode.Auto;

    public StepMode CrossLayerEqualization { get; init; } = StepMode.Auto;

    public StepMode SmoothQuant { get; init; } = StepMode.Auto;

    public RoundingMethod Rounding { get; init; } = RoundingMethod.Auto;

    public StepMode BlockReconstruction { get; init; } = StepMode.Auto;

    /// <summary>Whether weights below 8 bits take over codes and codebooks of others.</summary>
    public StepMode WeightSharing { get; init; } = StepMode.Auto;

    public WeightStorage Storage { get; init; } = WeightStorage.Auto;

    public GateMode Gate { get; init; } = GateMode.Error;

    public AccuracyMetric Metric { get; init; } = AccuracyMetric.Auto;

    /// <summary>For <see cref="AccuracyMetric.TopN"/>: among how many of the largest values the label has to be.</summary>
    public int MetricRank { get; init; } = 1;

    /// <summary>The output that is measured; empty: chosen by the metric.</summary>
    public string MetricOutput { get; init; } = "";

    /// <summary>For <see cref="AccuracyMetric.WordErrorRate"/>: class of the blank, counted from the end when negative.</summary>
    public int BlankClass { get; init; }

    /// <summary>For <see cref="AccuracyMetric.WordErrorRate"/>: class between words; null: every label is a word.</summary>
    public int? WordSeparator { get; init; }

    /// <summary>Array of the data that names the slice of each sample; empty: none.</summary>
    public string Slice { get; init; } = "";

    /// <summary>Absolute path of a file with the slice of each sample, or null.</summary>
    public string? SliceFile { get; init; }

    /// <summary>By how much the quantized model may be worse than the float model, in the metric's own unit (0.01 is one point of top-1); null: no limit.</summary>
    public double? MaxAccuracyDrop { get; init; }

    /// <summary>Smallest allowed metric of the quantized model; null: no limit.</summary>
    public double? MinAccuracy { get; init; }

    /// <summary>Largest allowed metric of the quantized model where less is better; null: no limit.</summary>
    public double? MaxError { get; init; }

    public QuantizationObjective Objective { get; init; } = QuantizationObjective.Size;

    /// <summary>Largest allowed file in bytes; null: no limit.</summary>
    public long? MaxModelSize { get; init; }

    /// <summary>Largest allowed time of a run over that of the float model, by the table of costs; null: no limit.</summary>
    public double? MaxSlowdown { get; init; }

    public TargetProfile TargetProfile { get; init; } = TargetProfile.X64Vnni;

    /// <summary>What was timed for <see cref="TargetProfile.Machine"/>; null: nothing yet.</summary>
    public MachineKernels? MachineKernels { get; init; }

    /// <summary>Null when what each layer becomes follows from the other settings.</summary>
    public SearchSettings? Search { get; init; }

    /// <summary>What the search has chosen, or is about to try; null: nothing.</summary>
    public LayerAssignment? Layers { get; init; }

    /// <summary>Names of nodes that stay float.</summary>
    public IReadOnlyList<string> ExcludedNodes { get; init; } = [];

    /// <summary>Operator types that stay float.</summary>
    public IReadOnlyList<string> ExcludedOperators { get; init; } = [];

    /// <summary>Inputs of the model with the value, as written, that is built in; not yet compared with the model.</summary>
    public IReadOnlyList<SettingText> FixedInputs { get; init; } = [];

    /// <summary>Of the generated class; empty: the global namespace.</summary>
    public string Namespace { get; init; } = "";

    public required string ClassName { get; init; }

    /// <summary>True: the model is a resource of the assembly; false: a file beside the program.</summary>
    public bool Embed { get; init; } = true;

    public ModelCompression Compression { get; init; } = ModelCompression.None;

    /// <summary>True: the resource is the compressed model.</summary>
    public bool IsPacked => Embed && Compression == ModelCompression.Brotli;

    public ClassVisibility Visibility { get; init; } = ClassVisibility.Internal;

    /// <summary>Every setting with its value in force, under its public name, for the report; ordered by name.</summary>
    public IReadOnlyList<SettingText> InForce { get; init; } = [];

    /// <summary>Public names of the settings that the project sets.</summary>
    public IReadOnlyList<string> Written { get; init; } = [];

    /// <summary>Those in force that decide the model, files left out: of these the content decides.</summary>
    public IReadOnlyList<SettingText> Deciding { get; init; } = [];

    /// <summary>The same for everything that no limit or budget of a search changes.</summary>
    public QuantizationSettings WithoutLimits() => this with { Deciding = [.. Deciding.Where(setting => !SearchWishes.IsOfTheSearchAlone(setting.Name))] };

    /// <summary>Those of them that the lock file records: what decides the model or its acceptance, files by their names.</summary>
    public IReadOnlyList<SettingText> Locked { get; init; } = [];
}

internal enum QuantizationScheme
{
    /// <summary>8-bit weights and activations, ranges from calibration.</summary>
    Static,

    /// <summary>8-bit weights; the ranges of activations are found at every run.</summary>
    Dynamic,

    /// <summary>Weights in 8 bits or less, computed in float.</summary>
    WeightOnly,

    /// <summary>Weights in 16 bits, computed in float.</summary>
    Float16,

    /// <summary>The model is embedded as it is.</summary>
    None,
}

internal enum WeightStorage
{
    /// <summary>Weights of nodes that compute in float are stored in 8 bits where that costs no more than an integer kernel would, else as float16.
    /// Those of excluded nodes stay as the model has them.</summary>
    Auto,

    /// <summary>As float16 where that can hold them.</summary>
    Float16,

    /// <summary>As the model has them.</summary>
    Float32,
}

internal enum RangeEstimator
{
    /// <summary>Chosen by QuantBuild.</summary>
    Auto,

    /// <summary>Smallest and largest value seen.</summary>
    MinMax,

    /// <summary>Moving average of the smallest and largest values of the batches.</summary>
    MovingAverage,

    /// <summary>All but a fixed share of the values.</summary>
    Percentile,

    /// <summary>The range with the smallest Kullback-Leibler divergence between values and codes.</summary>
    Entropy,

    /// <summary>The range with the smallest squared error of quantization.</summary>
    MeanSquaredError,
}

/// <summary>Whether a step is done that may or may not make a model better.</summary>
internal enum StepMode
{
    /// <summary>When it helps on held-out calibration samples.</summary>
    Auto,
    True,
    False,
}

internal enum BiasCorrectionMode
{
    /// <summary><see cref="Fast"/> when it helps on held-out calibration samples.</summary>
    Auto,
    Off,

    /// <summary>From samples of what each layer reads.</summary>
    Fast,

    /// <summary>Then from the quantized model, layer after layer.</summary>
    Full,
}

internal enum RoundingMethod
{
    /// <summary><see cref="CoordinateDescent"/> when it helps on held-out calibration samples.</summary>
    Auto,

    /// <summary>Each weight by itself.</summary>
    Nearest,

    /// <summary>One weight after the other to what is best beside all others, until none changes.</summary>
    CoordinateDescent,

    /// <summary>One weight after the other, the error of each taken back by those behind it.</summary>
    Gptq,

    /// <summary>Up or down for each weight, learned.</summary>
    AdaRound,

    /// <summary>Each weight by itself, in the range that serves what the layer reads best.</summary>
    SequentialMse,

    /// <summary>Each weight by itself; zero points are fitted so that most errors are small and few are large.</summary>
    Hqq,

    /// <summary>Each weight by itself; scales and zero points of blocks are fitted by weighted least squares.</summary>
    KQuant,

    /// <summary>Scales are fitted to what the layer reads.</summary>
    ScaleEstimation,

    /// <summary>Each weight by itself, after channels that carry much are made larger in the weights and smaller in what is multiplied with them.</summary>
    Awq,
}

internal enum Granularity
{
    /// <summary>One scale for every output channel of a weight.</summary>
    PerChannel,

    /// <summary>One scale for a whole weight.</summary>
    PerTensor,
}

internal enum QuantizationObjective
{
    /// <summary>Every layer with weights runs in integers where it can.</summary>
    Size,

    /// <summary>Layers run in integers where that is faster.</summary>
    Latency,

    /// <summary>The most accurate model that keeps the limits of size and time.</summary>
    Accuracy,
}

internal enum GateMode
{
    Error,
    Warning,
    Off,
}

/// <summary>How an embedded model is packed.</summary>
internal enum ModelCompression
{
    None,
    Brotli,
}

internal enum ClassVisibility
{
    Internal,
    Public,
}
