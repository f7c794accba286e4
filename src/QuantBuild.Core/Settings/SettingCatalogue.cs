namespace QuantBuild.Settings;

/// <summary>Every setting, also those that this version only recognizes. Documentation and messages are made from this file.</summary>
internal static class SettingCatalogue
{
    // Scheme

    public static readonly SettingDescriptor Scheme = new(SettingGroup.Scheme, "Scheme",
        new Choice(["Auto", "Static", "Dynamic", "WeightOnly", "Palettized", "Float16", "None"], []), "Auto",
        "How the model is made smaller. `Static` stores weights in 8 bits and computes in 8-bit integers wherever ONNX Runtime "
        + "can: smallest and fastest, and it needs `CalibrationData`. `Dynamic` needs no data: matrix products and LSTM compute in 8-bit "
        + "integers and find the range of their input at every run, everything else, convolutions too, computes in float. It suits "
        + "transformers and recurrent models. `WeightOnly` stores weights in 8 bits and computes in float: as small, not faster, no data "
        + "needed. `Palettized` is `WeightOnly` with values that are not evenly spaced: those that lose least (`Codebook`). `Float16` stores weights in 16 bits, half the size and nearly exact; computation, inputs and outputs stay float32, which "
        + "processors compute faster than float16. `None` embeds the model as it is, also one that is quantized already; only `FixedInputs` "
        + "are built into it. `Auto` is `Static` for a model with `CalibrationData` and `WeightOnly` for one without.");

    public static readonly SettingDescriptor WeightType = new(SettingGroup.Scheme, "WeightType",
        new Choice(["Int8", "Int7", "Int6", "Int5", "Int4", "Int3", "Int2", "Int1", "UInt7", "UInt6", "UInt5", "UInt4", "UInt3", "UInt2"],
            ["UInt8", "Int16", "UInt16"]), "Int8",
        "Integer type in which weights are stored, with so many bits each. Below 8 bits samples (`CalibrationData`) matter much more, because `Rounding` then has "
        + "more to make up for. `UInt7` to `UInt2` have a zero point for every block beside its scale, which suits weights whose range is not even, and "
        + "takes a little more space. With `Scheme=Static` layers compute in 8-bit integers all the same: ONNX Runtime makes those of the stored ones "
        + "when it loads the model. Small tensors (together a sixteenth of all weights) and those with less than 16 weights per channel keep 8 bits. "
        + "`Int1` is for a `Codebook` alone.");

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
        + "of blocks are whole multiples of the channel's.")
    { DefaultMeaning = "chosen by QuantBuild: 32, and with `Scheme=Static` the whole channel" };

    public static readonly SettingDescriptor Codebook = new(SettingGroup.Scheme, "Codebook", new CodebookValues(), "Auto",
        "Values that weights take, times their scale. `None`: evenly spaced ones. `KMeans`: those with the smallest error, found for every layer by "
        + "the exact solution of the one-dimensional k-means problem. `NormalFloat`: quantiles of the normal distribution, `NF4` with 4 bits. `PowersOfTwo`: "
        + "sums of powers of two. Or numbers of your own with semicolons between them, as many as `WeightType` has codes or less: `-1;-0.25;0;0.25;1`. `Auto` is "
        + "`KMeans` with `Scheme=Palettized` and `None` otherwise.");

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

    // Data

    public static readonly SettingDescriptor CalibrationData = new(SettingGroup.Data, "CalibrationData", new FilePath(), "",
        "A file or folder with typical inputs, from which the range of every layer's values is measured. An `.npz` file (`numpy.savez`) holds "
        + "one array per input of the model, named like the input, its first axis counting samples, and an optional array `labels` "
        + "with the class of each sample. Arrays of other formats are matched by name too; the only array of a file without names is that of the "
        + "only input. Samples of a folder, of JSON Lines and of CSV may differ in shape where the model leaves axes free; they then run one by "
        + "one. In a folder with one file per sample, sub-folders name the classes, or a file `labels.csv` (columns `file` and `label`) does. "
        + "The order of a folder is that of the names, byte by byte. "
        + "A few hundred samples are enough. They have to be preprocessed exactly as the "
        + "program will do it. Padding that an input of zeros and ones takes out, such as an attention mask, does not count, when "
        + "changing it is seen to change no output.");

    public static readonly SettingDescriptor ValidationData = new(SettingGroup.Data, "ValidationData", new FilePath(), "",
        "A file or folder like `CalibrationData`, with other samples, on which the accuracy is measured. It must not be that of "
        + "`CalibrationData`.")
    { DefaultMeaning = "every fourth sample of `CalibrationData` is held out and used" };

    public static readonly SettingDescriptor SampleLimit = new(SettingGroup.Data, "SampleLimit", new Count(), "",
        "At most so many samples of `CalibrationData` are used: those from its start, or with `SampleSeed` some from all over it.")
    { DefaultMeaning = "all" };

    public static readonly SettingDescriptor SampleSeed = new(SettingGroup.Data, "SampleSeed", new Seed(), "",
        "With a number, `SampleLimit` takes samples from all over `CalibrationData`, and those that are held out for the accuracy come from all over "
        + "it too: what is taken follows from a hash of this number and the position of the sample. For a set that is sorted by class. "
        + "Samples are read in the order of the file all the same, and every machine takes the same ones.")
    { DefaultMeaning = "samples from the start, and every fourth of them held out" };

    public static readonly SettingDescriptor LabelName = new(SettingGroup.Data, "LabelName", new FreeName(), "labels",
        "Name of the array, column or key of the data that holds the class of each sample.");

    public static readonly SettingDescriptor DataShape = new(SettingGroup.Data, "DataShape", new NamedShapes(), "",
        "Shape of one sample by input, as `name=[lengths]` with semicolons between them: `image=[1,28,28]`. For files of bare numbers (`.bin`, `.raw`), "
        + "where the model leaves axes free.")
    { DefaultMeaning = "the shapes of the model's inputs" };

    public static readonly SettingDescriptor Resize = new(SettingGroup.Data, "Resize", new PixelSize(), "",
        "Size to which a picture is scaled before it goes into the model: `256` scales the shorter side to 256 pixels and keeps the aspect ratio, "
        + "`320x240` scales to width and height. Scaling smooths as Pillow does, and as torchvision does with pictures of Pillow: the same bytes. "
        + ImageUse)
    { DefaultMeaning = "pictures keep their size" };

    public static readonly SettingDescriptor CenterCrop = new(SettingGroup.Data, "CenterCrop", new PixelSize(), "",
        "Size of the centre that is cut out of a picture after `Resize`: `224` for 224 x 224 pixels, or `320x240`. A smaller picture is padded with "
        + "zeros, as torchvision does it. " + ImageUse)
    { DefaultMeaning = "nothing is cut off" };

    public static readonly SettingDescriptor Interpolation = new(SettingGroup.Data, "Interpolation",
        new Choice(["Bilinear", "Bicubic", "Nearest"], []), "Bilinear",
        "How `Resize` finds the pixels between pixels. " + ImageUse);

    public static readonly SettingDescriptor PixelRange = new(SettingGroup.Data, "PixelRange",
        new Choice(["Auto", "0..1", "0..255", "-1..1"], []), "Auto",
        "What the values 0 to 255 of a picture become before `Mean` and `Std`. `Auto` is `0..1` for a model that takes float32 and `0..255` for "
        + "one that takes uint8. " + ImageUse);

    public static readonly SettingDescriptor Mean = new(SettingGroup.Data, "Mean", new NumberList(ArePositive: false), "",
        "What is subtracted from every value of a picture, in the unit of `PixelRange`: one number, or one per channel in the order of `ColorOrder`, "
        + "with semicolons between them: `0.485;0.456;0.406`. " + ImageUse)
    { DefaultMeaning = "0" };

    public static readonly SettingDescriptor Std = new(SettingGroup.Data, "Std", new NumberList(ArePositive: true), "",
        "What every value of a picture is divided by after `Mean`, in the unit of `PixelRange`: one number, or one per channel: `0.229;0.224;0.225`. "
        + ImageUse)
    { DefaultMeaning = "1" };

    public static readonly SettingDescriptor Layout = new(SettingGroup.Data, "Layout", new Choice(["Auto", "NCHW", "NHWC"], []), "Auto",
        "Whether the channels of a picture come before its height and width in the model's input (`NCHW`) or after them (`NHWC`). `Auto` takes the axis of "
        + "the input whose size is 1 or 3. " + ImageUse);

    public static readonly SettingDescriptor ColorOrder = new(SettingGroup.Data, "ColorOrder", new Choice(["RGB", "BGR"], []), "RGB",
        "Order of the colour channels in the model's input. A model with one channel gets grey, by the weights of Pillow. " + ImageUse);

    public static readonly SettingDescriptor DataProvider = new(SettingGroup.Data, "DataProvider", new ProviderName(), "",
        "A class of yours that gives the samples, as the path of its assembly, a semicolon and its name: `../Samples/bin/$(Configuration)/net10.0/Samples.dll;"
        + "MyApp.Samples`. It is public, has a public constructor without parameters and a public method "
        + "`IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)`, which may take a `CancellationToken` as well; it refers to nothing of "
        + "QuantBuild. The method is called with the absolute path of `CalibrationData` and, where it is set, with that of `ValidationData`; it gets an empty "
        + "text for `CalibrationData` that is not set. A sample has an array for each input of the model, and one named `labels` where the class is known: "
        + "with the axes of one sample, or flat where the input says what they are. Samples are enumerated several times and must be the same each time; "
        + "`SampleLimit` or 100,000 samples end an enumeration without end. The class runs only when a model has to be quantized: when its assembly, an "
        + "assembly beside it that it needs, or the data has changed. Its console output goes to the build's log.")
    { DefaultMeaning = "samples are read from the files that `CalibrationData` and `ValidationData` name" };

    public static readonly SettingDescriptor Labels = new(SettingGroup.Data, "Labels", new FilePath(), "",
        "Text file in UTF-8 with the names of the classes, one a line, in the order of their numbers. Labels of the data may then be names, "
        + "and sub-folders of a folder of samples stand for the numbers of their names. The model needs an output of float32 with one score per class, "
        + "of the shape `[classes]` or `[batch,classes]`; the first counts. The class in C# gets the names as `Labels`, and its outputs get `Top(k)` and "
        + "`TopProbabilities(k)`: the classes with the highest scores, or with the highest softmax of them, for a batch `Top(k, sample)`.")
    { DefaultMeaning = "classes have numbers only; those of sub-folders follow from the order of their names" };

    public static readonly SettingDescriptor Slice = new(SettingGroup.Data, "Slice", new GivenName(), "",
        "Array of the data that holds the slice of every sample, one number or text each: a language, a camera, a customer. The accuracy is "
        + "measured for every slice too, and `MaxAccuracyDrop` holds for each: a slice of 100 samples and more fails the gate by its drop, a smaller one "
        + "when the whole 95 % interval of its drop is above the limit, and otherwise there is a warning. At most 100 slices.");

    public static readonly SettingDescriptor SliceFile = new(SettingGroup.Data, "SliceFile", new FilePath(), "",
        "A text file in place of `Slice`: one line per sample of the data on which the accuracy is measured, `ValidationData` or else `CalibrationData`, "
        + "with the name of its slice.");

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
        + "model better on held-out calibration samples. `Auto` is `Fast` where that does. Only `Scheme=Static` uses it.");

    public static readonly SettingDescriptor CrossLayerEqualization = Recovering("CrossLayerEqualization",
        "Evens out the ranges of the channels between neighbouring layers, by factors that the two layers take back: all channels of a tensor share one range.");

    public static readonly SettingDescriptor SmoothQuant = Recovering("SmoothQuant",
        "Moves extreme channels of what matrix products read into their weights. Transformers have such channels; where nothing before the product can "
        + "take the factors, a multiplication is added.");

    public static readonly SettingDescriptor Rounding = new(SettingGroup.Recovery, "Rounding",
        new Choice(
            ["Auto", "Nearest", "CoordinateDescent", "Gptq", "AdaRound", "SequentialMse", "Hqq", "KQuant", "ScaleEstimation"], []), "Auto",
        "How weights are rounded to integers. `Nearest` rounds each by itself. The others choose the integers of a layer together, so that the error of "
        + "what it computes from samples is small: `Gptq` lets later weights make up for earlier ones, `CoordinateDescent` then improves one weight after the other "
        + "until none changes, and below 8 bits the scales with them, `AdaRound` learns for each weight whether it is rounded up or down. `Auto` is `CoordinateDescent` where "
        + "that makes the model better on held-out calibration samples. For `Scheme=Static`, and for `WeightOnly` and `Palettized` below 8 bits. There alone: `SequentialMse` tries ranges, layer "
        + "after layer, `ScaleEstimation` fits scales to what layers read, `KQuant` and `Hqq` need no data.");

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

    public static readonly SettingDescriptor MaxModelSize = NotAvailable(SettingGroup.Gate, "MaxModelSize", "",
        "How large the quantized model may be.", "The build prints the size, and the report holds it.");

    public static readonly SettingDescriptor MaxSlowdown = NotAvailable(SettingGroup.Gate, "MaxSlowdown", "",
        "How much slower than the float model the quantized one may be.", "Measure the program that runs the model.");

    // Search

    public static readonly SettingDescriptor Objective = new(SettingGroup.Search, "Objective",
        new Choice(["Size", "Latency"], ["Accuracy"]), "Size",
        "What is preferred where two ways of quantizing are possible. `Size`: every layer with weights that ONNX Runtime can run in 8-bit "
        + "integers does, and 95 % of all multiply-adds where products of two activations can make up for what is left. `Latency`: layers run in integers only where that is faster, conversions included, and in float otherwise, with "
        + "weights that are stored in 8 bits all the same. What is faster follows from measurements of `TargetProfile` that ship with "
        + "QuantBuild; nothing is timed during a build. With `WeightOnly` below 8 bits, "
        + "`Latency` keeps all matrix products packed, which single rows gain from, and `Size` only large ones. No other scheme uses it.");

    public static readonly SettingDescriptor TimeBudget = NotAvailable(SettingGroup.Search, "TimeBudget", "",
        "How long the search for a better model may take.", "There is no search in this version; every build does the same steps.");

    public static readonly SettingDescriptor ExcludedNodes = new(SettingGroup.Search, "ExcludedNodes", new NameList(), "",
        "Nodes of the model that stay float, by name, with semicolons between them. A message about accuracy names the nodes that "
        + "are worth trying.");

    public static readonly SettingDescriptor ExcludedOperators = new(SettingGroup.Search, "ExcludedOperators", new NameList(), "",
        "Operators that stay float wherever they occur, by ONNX name, with semicolons between them: `Add;MatMul`.");

    // Target

    public static readonly SettingDescriptor TargetProfile = new(SettingGroup.Target, "TargetProfile",
        new Choice(["X64Vnni"], ["Machine"]), "X64Vnni",
        "Runtime and processor for which the model is made; decides which way is faster. `X64Vnni`: the CPU provider of ONNX Runtime on x64 "
        + "processors with 8-bit dot products (AVX-512 VNNI or AVX-VNNI). The model runs, and computes the same, on other processors too.");

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

    // Build

    public static readonly SettingDescriptor Enabled = ForProject("Enabled", new Choice(["true", "false"], []), "true",
        "Whether QuantBuild does anything in this project. With `false` there are no generated classes either; for builds that only have to be quick, `QuantBuildScheme` is `None`: the classes then run the float models.");

    public static readonly SettingDescriptor CacheDirectory = ForProject("CacheDirectory", new FilePathOrFalse(), "",
        "Folder of quantized models by content, which projects, target frameworks, branches and clean checkouts of one user share: what was quantized "
        + "from the same model, data and settings by the same version is not quantized again. `false`: there is no such folder, and results are kept "
        + "in the project's obj folder only. Nobody who is not trusted should be able to write to it.") with
    { DefaultMeaning = "`quantbuild` in the user's folder for caches (`~/.cache`, `%LOCALAPPDATA%`, `~/Library/Caches`)" };

    public static readonly SettingDescriptor CacheSizeLimit = ForProject("CacheSizeLimit", new ByteCount(Smallest: 1L << 20), "4GiB",
        "How large `QuantBuildCacheDirectory` may become. What was used longest ago is deleted first.");

    public static readonly SettingDescriptor RemoteCache = BuildNotAvailable("RemoteCache", "",
        "Results that machines share.", "Results are kept in the project's obj folder.");

    public static readonly SettingDescriptor LockFile = ForProject("LockFile", new FilePathOrFalse(), "quantbuild.lock.json",
        "File beside the project, meant for source control, that records for every model from what it was made, what was chosen, what was "
        + "measured, and the hash of what ships. `false`: there is none. Processors with other instructions compute the last bits of float results "
        + "differently: on such a machine the choices and ranges are taken from the file as long as model, data and settings are those that it records.");

    public static readonly SettingDescriptor LockedMode = ForProject("LockedMode", new Choice(["Auto", "true", "false"], []), "Auto",
        "Whether a build that would make another model than `QuantBuildLockFile` records fails (`true`), or writes what it made into that file "
        + "(`false`). `Auto` is `true` with `ContinuousIntegrationBuild` where there is such a file, and otherwise writes it.");

    public static readonly SettingDescriptor Report = ForProject("Report", new ReportTarget(), "true",
        "Where the reports are found. Each model has one, which tells what was done, chosen and measured: `obj/…/quantbuild/NAME.report.html` for people and "
        + "`NAME.report.json` for programs. A folder gets a copy of every report in every build, also of one that fails at the gate; a path that ends in `.json` or "
        + "`.html` gets the report of the only model. What is copied is not removed by `clean`. With `true` the reports stay in the obj folder; with `false` too, and no binary log gets them.");

    public static readonly SettingDescriptor MemoryLimit = ForProject("MemoryLimit", new ByteCount(Smallest: 64L << 20), "2GiB",
        "Memory that calibration may fill with the inner values of one batch and the statistics of all layers, beside what ONNX Runtime takes "
        + "for the float model: `2GiB`, `512MiB`, or a number of bytes. Values that do not fit together are measured in several passes over "
        + "`CalibrationData`, which takes longer. The values of one layer are never split, however small the limit. "
        + "It does not depend on the machine, so that all machines make the same model.") with
    { Effect = SettingEffect.Model };

    public static readonly SettingDescriptor EmbedInBinlog = ForProject("EmbedInBinlog", new Choice(["true", "false"], []), "true",
        "Whether binary logs (`dotnet build -bl`) contain the reports, among the files that MSBuild puts into them.");

    public static readonly SettingDescriptor Sarif = ForProject("Sarif", new FilePathOrFalse(), "false",
        "File that gets all errors, warnings and messages about the project's models in SARIF 2.1.0, for code scanning: with their codes, the places in project "
        + "files, counted from the top of the repository, and the text of their pages. It is written in every build, also in one that fails, and not "
        + "removed by `clean`. `false`: there is none but `obj/…/quantbuild/quantbuild.sarif`.");

    /// <summary>By group, available ones first, then as they stand above.</summary>
    public static IReadOnlyList<SettingDescriptor> All { get; } =
    [
        .. typeof(SettingCatalogue).GetFields()
            .OrderBy(field => field.MetadataToken)
            .Select(field => field.GetValue(null))
            .OfType<SettingDescriptor>()
            .OrderBy(setting => setting.Group)
            .ThenBy(setting => setting.IsAvailable ? 0 : 1),
    ];

    private const string ImageUse = "It holds for pictures of `CalibrationData` and `ValidationData`, and for the method `Run` of the generated C# class that takes "
        + "pixels (classes in F# and Visual Basic have none). A property holds for the models of the project that have one input, a picture.";

    private const string AccuracyByExclusion = "Better calibration data, or ExcludedNodes, also gives accuracy back.";

    private static SettingDescriptor NotAvailable(SettingGroup group, string name, string standard, string meaning, string instead) =>
        new(group, name, new NotYet(), standard, meaning) { IsAvailable = false, Instead = instead };

    private static SettingDescriptor Recovering(string name, string meaning) =>
        new(SettingGroup.Recovery, name, new Choice(["Auto", "true", "false"], []), "Auto",
            meaning + " `Auto` does it where the model's output gains a decibel on held-out calibration samples. Only `Scheme=Static` uses it.");

    private static SettingDescriptor ForProject(string name, SettingKind kind, string standard, string meaning) =>
        new(SettingGroup.Build, name, kind, standard, meaning) { Scope = SettingScope.Project };

    private static SettingDescriptor BuildNotAvailable(string name, string standard, string meaning, string instead) =>
        ForProject(name, new NotYet(), standard, meaning) with { IsAvailable = false, Instead = instead };
}
