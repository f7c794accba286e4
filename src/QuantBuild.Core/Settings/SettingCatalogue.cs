namespace QuantBuild.Settings;

/// <summary>Every setting, also those that this version only recognizes. Documentation and messages are made from this file.</summary>
internal static partial class SettingCatalogue
{
    // Scheme

    public static readonly SettingDescriptor Scheme = new(SettingGroup.Scheme, "Scheme",
        new Choice(["Auto", "Static", "Dynamic", "WeightOnly", "Palettized", "Float16", "None"], []), "Auto",
        "How the model is made smaller. `Static` stores weights in 8 bits and computes in 8-bit integers wherever ONNX Runtime "
        + "can: smallest and fastest, and it needs `CalibrationData`. `Dynamic` needs no data: matrix products and LSTM compute in 8-bit "
        + "integers and find the range of their input at every run, everything else, convolutions too, computes in float. It suits "
        + "transformers and recurrent models. `WeightOnly` stores weights in 8 bits and computes in float: as small, not faster, no data "
        + "needed (below 8 bits large matrix products may round what they multiply with packed weights to 8-bit integers). `Palettized` is `WeightOnly` with values that are not evenly spaced: those that lose least (`Codebook`). `Float16` stores weights in 16 bits, half the size and nearly exact; computation, inputs and outputs stay float32, which "
        + "processors compute faster than float16. `None` embeds the model as it is, also one that is quantized already; only `FixedInputs` "
        + "are built into it. `Auto` searches the best form of every layer within the limits, where there is data to measure on and one of `MaxAccuracyDrop`, `MinAccuracy`, `MaxError`, "
        + "`MaxModelSize` and `MaxSlowdown` is set, or `Objective=Accuracy`: integers or float, and how many bits, within `TimeBudget`. Where nothing limits it, or `WeightType`, "
        + "`BlockSize` or `Codebook` say what to do, it is `Static` for a model with `CalibrationData` and `WeightOnly` for one without.");

    public static readonly SettingDescriptor WeightType = new(SettingGroup.Scheme, "WeightType",
        new Choice(["Int8", "Int7", "Int6", "Int5", "Int4", "Int3", "Int2", "Int1", "UInt7", "UInt6", "UInt5", "UInt4", "UInt3", "UInt2"],
            ["UInt8", "Int16", "UInt16"]), "Int8",
        "Integer type in which weights are stored, with so many bits each. Below 8 bits samples (`CalibrationData`) matter much more, because `Rounding` then has "
        + "more to make up for. `UInt7` to `UInt2` have a zero point for every block beside its scale, which suits weights whose range is not even, and "
        + "takes a little more space. With `Scheme=Static` layers compute in 8-bit integers all the same: ONNX Runtime makes those of the stored ones "
        + "when it loads the model. Small tensors (together a sixteenth of all weights) and those with less than 16 weights per channel keep 8 bits. "
        + "With `Variants` a variant `Static` takes the same bits without the zero points. `Int1` is for a `Codebook` alone.");

    public static readonly SettingDescriptor ActivationType = new(SettingGroup.Scheme, "ActivationType",
        new Choice(["UInt8"], ["Int8", "UInt16", "Int16"]), "UInt8",
        "Integer type of the values that flow between the layers. Only `Scheme=Static` uses it.");

    public static readonly SettingDescriptor Granularity = new(SettingGroup.Scheme, "Granularity",
        new Choice(["PerChannel", "PerTensor"], []), "PerChannel",
        "How many weights share one scale: with `PerChannel` every output channel of a layer has its own, with `PerTensor` all weights of a "
        + "layer (Conv, Gemm, MatMul) have one, which some accelerators demand and which costs accuracy. Weights of recurrent layers, and of "
        + "layers that compute in float, have a scale per channel all the same. Only `Scheme=Static` uses it.");

    public static readonly SettingDescriptor BlockSize = new(SettingGroup.Scheme, "BlockSize", new BlockLength(), "",
        "How many neighbouring weights of an output channel share one scale below 8 bits: a number, or `Channel` for all of them. Small blocks are more "
        + "accurate and take more space. ONNX Runtime's matrix products of packed weights take powers of two from 16 to 256. With `Scheme=Static` the scales "
        + "of blocks are whole multiples of the channel's; that is for 6 bits and less and needs `Rounding` other than `Nearest`, and "
        + "where it is not so a channel has one scale. `Static` takes no blocks for 8 bits or a `Codebook`.")
    { DefaultMeaning = "chosen by QuantBuild: 32, and with `Scheme=Static` the whole channel" };

    public static readonly SettingDescriptor Codebook = new(SettingGroup.Scheme, "Codebook", new CodebookValues(), "Auto",
        "Values that weights take, times their scale. `None`: evenly spaced ones. `KMeans`: those with the smallest error, found for every layer by "
        + "the exact solution of the one-dimensional k-means problem. `NormalFloat`: quantiles of the normal distribution, `NF4` with 4 bits. `PowersOfTwo`: "
        + "sums of powers of two. Or numbers of your own with semicolons between them, as many as `WeightType` has codes or less: `-1;-0.25;0;0.25;1`. Their size does not matter, because scales take it. `Auto` is "
        + "`KMeans` with `Scheme=Palettized` and `None` otherwise. `Scheme=Static` takes a codebook below 8 bits.");

    public static readonly SettingDescriptor WeightSharing = new(SettingGroup.Scheme, "WeightSharing",
        new Choice(["Auto", "true", "false"], []), "Auto",
        "Whether weights below 8 bits store together what is nearly the same: the codes of tensors that are multiples of each other but for a thousandth of their "
        + "squares, and with `Codebook=KMeans` the values of tensors that are distributed alike. `Auto` does it where held-out calibration samples lose less than 0.1 dB. "
        + "What is exactly the same is always stored once. For `WeightOnly` and `Palettized`.");

    public static readonly SettingDescriptor Storage = new(SettingGroup.Scheme, "Storage",
        new Choice(["Auto", "Float16", "Float32"], []), "Auto",
        "How weights and other large constants that nodes use in float are stored. `Auto` stores them as 8-bit codes with a scale per channel where "
        + "that costs no more accuracy than computing in integers would (30 dB and more), and as float16 otherwise. `Float16` stores all of them so. "
        + "`Float32` stores them as the model has them. ONNX Runtime turns them back into float32 when it loads the model, and rows of large tables of "
        + "embeddings when they are read, so that nothing becomes slower. Values that float16 cannot hold, and the weights of excluded nodes, stay "
        + "as they are. Idle with `Scheme=Float16`.");

    public static readonly SettingDescriptor FixedInputs = new(SettingGroup.Scheme, "FixedInputs", new NamedValues(), "",
        "Inputs of the model that always have one value, as `name=value` with semicolons between them: `sr=16000`, "
        + "`scale=0.5;axes=[0,1]`, `state=0` for zeros of the input's shape. The value is built into the model: the input is gone from the shipped "
        + "model and from the generated class, and data files need no array for it (one that is there is ignored). Branches of the model that "
        + "depend on it alone are decided, and the others taken out.");

    // Calibration

    public static readonly SettingDescriptor RangeEstimator = new(SettingGroup.Calibration, "RangeEstimator",
        new Choice(["Auto", "MinMax", "MovingAverage", "Percentile", "Entropy", "MeanSquaredError"], []), "Auto",
        "How the range that 8 bits have to cover follows from the values seen. `MinMax` covers all of them; rare extremes then "
        + "cost precision. `MovingAverage` averages the extremes of the batches, later ones replacing earlier ones slowly (by 1 % each). "
        + "`Percentile` leaves out one value of 100,000, half of them on each side. `Entropy` keeps the distribution of the codes as similar as "
        + "it can to that of the values (Kullback-Leibler divergence); it cuts much off and suits classifiers only. `MeanSquaredError` cuts "
        + "extremes off where that makes the mean error smaller. `Auto` takes, for every tensor, that of `MeanSquaredError`, `MinMax` and `Percentile` which does the least harm to what the layers that "
        + "read it compute. Only `Scheme=Static` uses it.");

    // Recovery

    public static readonly SettingDescriptor BiasCorrection = new(SettingGroup.Recovery, "BiasCorrection",
        new Choice(["Auto", "Off", "Fast", "Full"], []), "Auto",
        "Corrects the mean error of each layer in its bias. `Fast` works it out from samples of what the layer reads. `Full` also measures it in the "
        + "quantized model, layer after layer, errors of the layers before included, which takes up to 24 passes over the samples, and keeps that where it makes the "
        + "model better on held-out calibration samples. `Auto` is `Fast` where that does. For `Scheme=Static`; `WeightOnly` and `Palettized` below 8 bits "
        + "have `Auto`, `Fast` and `Off` alone.");

    public static readonly SettingDescriptor CrossLayerEqualization = Recovering("CrossLayerEqualization",
        "Evens out the ranges of the channels between neighbouring layers, by factors that the two layers take back: all channels of a tensor share one range.");

    public static readonly SettingDescriptor SmoothQuant = Recovering("SmoothQuant",
        "Moves extreme channels of what matrix products read into their weights. Transformers have such channels; where nothing before the product can "
        + "take the factors, a multiplication is added.");

    public static readonly SettingDescriptor Rounding = new(SettingGroup.Recovery, "Rounding",
        new Choice(
            ["Auto", "Nearest", "CoordinateDescent", "Gptq", "AdaRound", "SequentialMse", "Hqq", "KQuant", "ScaleEstimation", "Awq"], []), "Auto",
        "How weights are rounded to integers. `Nearest` rounds each by itself. The others choose the integers of a layer together, so that the error of "
        + "what it computes from samples is small: `Gptq` lets later weights make up for earlier ones, `CoordinateDescent` then improves one weight after the other "
        + "until none changes, and below 8 bits the scales with them, `AdaRound` learns for each weight whether it is rounded up or down. `Auto` is `CoordinateDescent` where "
        + "that makes the model better on held-out calibration samples. For `Scheme=Static`, and for `WeightOnly` and `Palettized` below 8 bits. There alone: `SequentialMse` tries ranges, layer "
        + "after layer, `ScaleEstimation` fits scales to what layers read, `Awq` multiplies the weights of channels that carry much, and divides what they read, before it rounds "
        + "to the nearest, `KQuant` and `Hqq` need no data.");

    public static readonly SettingDescriptor BlockReconstruction = new(SettingGroup.Recovery, "BlockReconstruction",
        new Choice(["Auto", "true", "false"], []), "Auto",
        "Rounds the weights once more, block after block, so that each makes up for the errors of those before it, which takes up to 48 passes "
        + "over the samples; what does not help on held-out calibration samples is dropped. Below 8 bits a block is a residual block or an encoder layer, and codes, scales and "
        + "biases in it are learned together by the gradient of its error. `Auto` is `false` at 8 bits. For `Scheme=Static`, and for `WeightOnly` and `Palettized` below 8 bits.");

    public static readonly SettingDescriptor Training = new(SettingGroup.Recovery, "Training", new Choice(["false"], ["true"]), "false",
        "Trains the quantized model for a short time.")
    { IsAvailable = false, Instead = AccuracyByExclusion };

    public static readonly SettingDescriptor Sparsity = NotAvailable(SettingGroup.Recovery, "Sparsity", "",
        "Share of the weights that are set to zero.", "Prune the model before it is exported.");

    // Gate

    public static readonly SettingDescriptor Gate = new(SettingGroup.Gate, "Gate", new Choice(["Error", "Warning", "Off"], []), "Error",
        "What happens when a limit below does not hold: the build fails, warns, or the limits are not checked. Without "
        + "`MaxAccuracyDrop`, `MinAccuracy` and `MaxError` the accuracy is measured and printed, and nothing can fail.");

    public static readonly SettingDescriptor Metric = new(SettingGroup.Gate, "Metric", new MetricName(), "Auto",
        "What accuracy means. With an array `labels` of one class per sample: `Top1`, the share of samples whose largest output is the label; `Top5` and "
        + "other `TopN`, those whose label is among the N largest; `F1`, macro average, of class 1 where there are two; `Auc` for labels 0 and 1. "
        + "With `labels` of one class per pixel: `IntersectionOverUnion`, mean over classes, pixels of −1 and 255 left out. With `boxes` [samples,M,4] as "
        + "x1,y1,x2,y2 and `labels` [samples,M], −1 being padding: `MeanAveragePrecision` as COCO has it. With `labels` of one token per position, "
        + "−1 and −100 left out: `Perplexity`; without labels the tokens that the model reads are what it should give, one position later. With `labels` as "
        + "sequences, −1 being padding: `WordErrorRate` of the output decoded greedily (CTC). With an array `target`, or one named like the output: "
        + "`MeanAbsoluteError`, `MeanSquaredError`, `Psnr`. Against the float model, without any of these: `CosineSimilarity`, 1 being the same direction, "
        + "mean over samples; `SignalToNoise` in decibels; `KullbackLeibler` of the softmax; `Agreement`, the share of positions with the same largest value. "
        + "`Auto` is `MeanAveragePrecision` for `boxes`, `Top1` for other data with `labels`, `IntersectionOverUnion` where they are maps of pixels, and "
        + "`CosineSimilarity` for data without. `Custom` is the mean over samples of what the method "
        + "`double Score(IReadOnlyDictionary<string, Array> sample, IReadOnlyDictionary<string, Array> outputs)` of the class that `DataProvider` names gives: "
        + "`sample` as the class gave it, `outputs` of one of the two models, `float[]` for `[batch,10]`; more is better unless its property "
        + "`bool HigherIsBetter` is false.")
    { Effect = SettingEffect.Model };

    public static readonly SettingDescriptor MetricOutput = new(SettingGroup.Gate, "MetricOutput", new GivenName(), "",
        "The output of the model that `Metric` measures.")
    { Effect = SettingEffect.Model, DefaultMeaning = "the first that the metric can take; for `CosineSimilarity` and `SignalToNoise` all float32 outputs" };

    public static readonly SettingDescriptor BlankClass = new(SettingGroup.Gate, "BlankClass", new ClassNumber(HasWords: true), "First",
        "Class of the blank for `Metric=WordErrorRate`: `First`, as PyTorch has it, `Last`, as TensorFlow has it, or its number.")
    { Effect = SettingEffect.Model };

    public static readonly SettingDescriptor WordSeparator = new(SettingGroup.Gate, "WordSeparator", new ClassNumber(HasWords: false), "",
        "Class between words for `Metric=WordErrorRate`.")
    { Effect = SettingEffect.Model, DefaultMeaning = "none: every label counts as a word, which gives the error rate of characters or tokens" };

    public static readonly SettingDescriptor MaxAccuracyDrop = new(SettingGroup.Gate, "MaxAccuracyDrop", new Amount(), "",
        "How much worse than the float model the quantized one may be, in the unit of the metric: `0.01` is one percentage point of "
        + "`Top1`, `0.2` with `Perplexity` allows 12.2 where the float model has 12. A limit above 0 that the samples are too few to decide is told as a "
        + "warning. The data has to be set too, as there is nothing to measure on otherwise. Not for `SignalToNoise`: set `MinAccuracy` there.")
    { DefaultMeaning = "no limit" };

    public static readonly SettingDescriptor MinAccuracy = new(SettingGroup.Gate, "MinAccuracy", new Amount(), "",
        "How accurate the quantized model has to be, whatever the float model reaches: `0.9` demands 90 % of `Top1`, `30` with `SignalToNoise` 30 dB. "
        + "For metrics of which less is better `MaxError` takes its place. It holds for all samples together, not for slices. The data has to be set too.")
    { DefaultMeaning = "no limit" };

    public static readonly SettingDescriptor MaxError = new(SettingGroup.Gate, "MaxError", new Amount(), "",
        "What `MinAccuracy` is for other metrics, where less is better: the largest `MeanAbsoluteError`, `MeanSquaredError`, `KullbackLeibler`, `Perplexity` or "
        + "`WordErrorRate` that the quantized model may have.")
    { DefaultMeaning = "no limit" };

    public static readonly SettingDescriptor MaxModelSize = new(SettingGroup.Gate, "MaxModelSize", new ByteCount(Smallest: 1), "",
        "How large the file of the quantized model may be: `2MiB`, `500KiB`, or a number of bytes. The build fails when it is larger. With `Scheme=Auto` the search "
        + "keeps it.")
    { DefaultMeaning = "no limit" };

    public static readonly SettingDescriptor MaxSlowdown = new(SettingGroup.Gate, "MaxSlowdown", new Ratio(), "",
        "How long a run of the quantized model may take, over that of the float model: `1` demands that it is as fast, `0.5` twice as fast. It is estimated by the "
        + "measurements of `TargetProfile`; nothing is timed. The build fails when it is more. With `Scheme=Auto` the search keeps it.")
    { DefaultMeaning = "no limit" };

    // Search

    public static readonly SettingDescriptor Objective = new(SettingGroup.Search, "Objective",
        new Choice(["Size", "Latency", "Accuracy"], []), "Size",
        "What is preferred where two ways of quantizing are possible. `Size`: every layer with weights that ONNX Runtime can run in 8-bit "
        + "integers does, and 95 % of all multiply-adds where products of two activations can make up for what is left. `Latency`: layers run in integers only where that is faster, conversions included, and in float otherwise, with "
        + "weights that are stored in 8 bits all the same. What is faster follows from the table of `TargetProfile` that ships with "
        + "QuantBuild; with all but `TargetProfile=Machine` nothing is timed during a build. With `WeightOnly` below 8 bits, "
        + "`Latency` keeps those matrix products packed that are faster so with as many rows as the samples have, and `Size` those whose file is as small; 2, 4 and 8 evenly spaced bits can stay packed, in blocks that are multiples of 16. "
        + "`Accuracy` is for the search: the most accurate model that keeps "
        + "`MaxModelSize` and `MaxSlowdown`. With the search, `Size` and `Latency` are the smallest and the fastest model within the limits.");

    public static readonly SettingDescriptor TimeBudget = new(SettingGroup.Search, "TimeBudget", new Duration(), "1m",
        "How long the search of `Scheme=Auto` may take: `3m`, `90s`, `1h`. Before it starts, this becomes a number of candidates by the measurements of `TargetProfile`, so "
        + "that every machine makes the same model; a machine that is much slower is stopped at three times the budget and says so (QB5004). `0`: there is no "
        + "search, and `Auto` is 8 bits.");

    public static readonly SettingDescriptor SearchMethod = new(SettingGroup.Search, "SearchMethod", new Choice(["Exact", "Evolutionary"], []), "Exact",
        "What proposes the candidates of the search. `Exact` solves for the best choice of all layers by what each does alone, and measures along the front of these "
        + "solutions. `Evolutionary` changes and crosses the best candidates so far.");

    public static readonly SettingDescriptor ExcludedNodes = new(SettingGroup.Search, "ExcludedNodes", new NameList(), "",
        "Nodes of the model that stay float, by name, with semicolons between them. A message about accuracy names the nodes that "
        + "are worth trying.");

    public static readonly SettingDescriptor ExcludedOperators = new(SettingGroup.Search, "ExcludedOperators", new NameList(), "",
        "Operators that stay float wherever they occur, by ONNX name, with semicolons between them: `Add;MatMul`.");

    // Target

    public static readonly SettingDescriptor TargetProfile = new(SettingGroup.Target, "TargetProfile",
        new Choice(["X64Vnni", "X64", "Arm64Dot", "Int8Accelerator", "Machine"], []), "X64Vnni",
        "Runtime and processor for which the model is made; decides which way is faster, wherever the build runs. `X64Vnni`: the CPU provider of ONNX Runtime on x64 "
        + "processors with 8-bit dot products (AVX-512 VNNI or AVX-VNNI); this table of times is measured. `X64`: on those with AVX2 and no dot products; "
        + "derived from that table by ratios that were measured on such a processor. `Arm64Dot`: on 64-bit Arm processors with dot products; derived from published "
        + "ratios and widths of instructions, not measured. `Int8Accelerator`: a device that computes with 8-bit integers and calibrated ranges only, beside a processor "
        + "that runs the rest in float. Every layer with weights that can run in integers does, other nodes so that values cross between the two as rarely as possible, and the "
        + "search has the forms 8-bit integers and float32; its times are assumptions, with integers at a tenth of the time of x64 and a crossing at thirty times. `Machine`: "
        + "kernels are timed on the machine that builds, in a few seconds (QB5005), and the lock file keeps the figures: builds that follow it time nothing. "
        + "A model runs, and computes the same, on the other processors too.");

    // Loader

    public static readonly SettingDescriptor Namespace = new(SettingGroup.Loader, "Namespace", new CSharpName(), "",
        "Namespace of the generated class.")
    { DefaultMeaning = "the project's `RootNamespace`" };

    public static readonly SettingDescriptor ClassName = new(SettingGroup.Loader, "ClassName", new CSharpName(), "",
        "Name of the generated class. Two models of one project cannot share it.")
    { DefaultMeaning = "the file name in Pascal case: `fashion-mobilenet.onnx` gives `FashionMobilenet`" };

    public static readonly SettingDescriptor Visibility = new(SettingGroup.Loader, "Visibility",
        new Choice(["Internal", "Public"], []), "Internal",
        "Whether other assemblies see the generated class.");

    public static readonly SettingDescriptor Embed = new(SettingGroup.Loader, "Embed", new Choice(["true", "false"], []), "true",
        "Whether the quantized model is a resource inside the assembly. With `false` it is a file that is copied beside the program, with the "
        + "large weights of a model that had them in a file of their own beside it in `NAME.onnx.data`; the generated class loads it from there, "
        + "and ONNX Runtime maps the weights into memory instead of reading them. A resource can hold 2 GB.");

    public static readonly SettingDescriptor Compression = new(SettingGroup.Loader, "Compression", new Choice(["None", "Brotli"], []), "None",
        "How the embedded model is packed. With `Brotli` the assembly is smaller, for codes of weights by an eighth or so and more where weights take few "
        + "bits or repeat, and loading takes longer, a second for some hundred megabytes: the model is decompressed into memory and its SHA-256 compared. "
        + "It is the same model. Packages and installers that are compressed themselves become no smaller. Needs .NET, or .NET Standard 2.1.");

    public static readonly SettingDescriptor Variants = new(SettingGroup.Loader, "Variants", new VariantList(), "",
        "Several forms of one model under one class, of which the program chooses one when it loads the model, or lets an adaptive object change "
        + "between them: `Static;WeightOnly8;Float16`. `WeightOnly8` and `WeightOnly4` are the scheme `WeightOnly` with 8 and 4 bits, the other names are schemes. Every "
        + "form is quantized, measured, held against the gate and recorded by itself, and ships as a file of its own. It stands in place of `Scheme`: "
        + "not both on one item, and an item with a `Scheme` has no variants, whatever the property says. Settings that do not concern a form are idle in it. "
        + "Only C#.")
    { Effect = SettingEffect.Build, DefaultMeaning = "one form, that of `Scheme`" };

    /// <summary>By group, available ones first, then as they stand above. All settings of a group stand in one file, and are there before this is asked for:
    /// which file is compiled first does not matter.</summary>
    public static IReadOnlyList<SettingDescriptor> All => field ??=
    [
        .. typeof(SettingCatalogue).GetFields()
            .OrderBy(row => row.MetadataToken)
            .Select(row => row.GetValue(null))
            .OfType<SettingDescriptor>()
            .OrderBy(setting => setting.Group)
            .ThenBy(setting => setting.IsAvailable ? 0 : 1),
    ];

    private const string AccuracyByExclusion = "Better calibration data, or ExcludedNodes, also gives accuracy back.";

    private static SettingDescriptor NotAvailable(SettingGroup group, string name, string standard, string meaning, string instead) =>
        new(group, name, new NotYet(), standard, meaning) { IsAvailable = false, Instead = instead };

    private static SettingDescriptor Recovering(string name, string meaning) =>
        new(SettingGroup.Recovery, name, new Choice(["Auto", "true", "false"], []), "Auto",
            meaning + " `Auto` does it where the model's output gains a decibel on held-out calibration samples. Only `Scheme=Static` uses it.");
}
