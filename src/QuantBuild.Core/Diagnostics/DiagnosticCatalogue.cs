using static QuantBuild.Diagnostics.DiagnosticSeverity;

namespace QuantBuild.Diagnostics;

/// <summary>Every code that QuantBuild can report, by stage. This file holds those about what the user gave and what is made of it.</summary>
internal static partial class DiagnosticCatalogue
{
    private static readonly Lazy<IReadOnlyList<DiagnosticDescriptor>> ordered = new(() =>
    [
        .. typeof(DiagnosticCatalogue).GetFields()
            .Select(field => field.GetValue(null))
            .OfType<DiagnosticDescriptor>()
            .OrderBy(descriptor => descriptor.Code, StringComparer.Ordinal),
    ]);

    /// <summary>All descriptors, ordered by code.</summary>
    public static IReadOnlyList<DiagnosticDescriptor> All => ordered.Value;

    // 1: settings

    public static readonly DiagnosticDescriptor UnknownSetting = new("QB1001", Error,
        "Unknown setting",
        "'{0}' is not a QuantBuild setting. {1}",
        "A property that starts with QuantBuild, or a metadata of a QuantizeModel item, has a name that no setting has; usually it is misspelt.",
        "Use the name that the message suggests, or remove it. The settings page lists all names.");

    public static readonly DiagnosticDescriptor InvalidValue = new("QB1002", Error,
        "Invalid value of a setting",
        "'{0}' is not a valid value of {1}. {2}",
        "The value is misspelt, not a number, or outside of what the setting allows.",
        "Use one of the values that the message lists.");

    public static readonly DiagnosticDescriptor NotAvailable = new("QB1003", Error,
        "Setting not available in this version",
        "{0}='{1}' is not available in this version. {2}",
        "The setting is planned, but this version of the package does not implement it.",
        "Remove the setting or use one of the values that the message lists.");

    public static readonly DiagnosticDescriptor IncompatibleSettings = new("QB1004", Error,
        "Settings that exclude each other",
        "{0}",
        "Two settings cannot hold at the same time, or one asks for something that the other switches off.",
        "Change or remove one of the settings that the message names. What a property sets for all models, an item may switch off for its own.");

    public static readonly DiagnosticDescriptor FileNotFound = new("QB1005", Error,
        "File not found",
        "{0} '{1}' {2}. It was looked for at '{3}'.",
        "A setting names a file that is not there. Relative paths are relative to the project.",
        "Correct the path, or make sure that the target which produces the file runs before QuantizeOnnxModels.");

    public static readonly DiagnosticDescriptor DuplicateClass = new("QB1006", Error,
        "Two models with one class name",
        "The models '{0}' and '{1}' would both generate the class {2}. {3}",
        "The class name follows from the file name; two models of one name collide, and so does a model that two items list.",
        "Set ClassName or Namespace on one of the two items; list each model once.");

    public static readonly DiagnosticDescriptor CalibrationDataMissing = new("QB1007", Error,
        "No calibration data",
        "The model '{0}' has no CalibrationData, which Scheme={1} needs. Set CalibrationData to an .npz file with one array per model input.",
        "Static quantization chooses the ranges of the activations from samples of real input.",
        "Set CalibrationData, or use a scheme that needs no data.");

    public static readonly DiagnosticDescriptor NoModels = new("QB1008", Warning,
        "No model in the project",
        "The project references QuantBuild but has no QuantizeModel item, so no model is quantized and no class is generated. Add <QuantizeModel Include=\"…\" />; a misspelt item or a wildcard that matches no file is none.",
        "The item has another name, its condition does not hold, or its wildcard matches nothing.",
        "Add or correct the item, remove the reference, or set QuantBuildEnabled to false where there is no model on purpose.");

    public static readonly DiagnosticDescriptor UnknownInput = new("QB1009", Error,
        "Fixed input that the model does not have",
        "FixedInputs gives '{0}' a value, but '{1}' has no input of that name.{2} Its inputs are: {3}.",
        "FixedInputs names something that is not an input of the model; usually the name is misspelt, or the setting is meant for another model.",
        "Use a name that the message lists; set FixedInputs on the item of the model that it is for.");

    public static readonly DiagnosticDescriptor InvalidFixedInput = new("QB1010", Error,
        "Value does not fit the fixed input",
        "FixedInputs gives '{0}' of '{1}' the value '{2}', but {3}.",
        "The value is not of the input's type, its shape does not fit, or nothing would be left that the model depends on.",
        "Write numbers with a decimal point, truth values as true and false, tensors with brackets around every axis: [[1,2],[3,4]].");

    public static readonly DiagnosticDescriptor VariantsNeedCSharp = new("QB1011", Error,
        "Variants in another language than C#",
        "{0} asks for several forms of one model, and the class that chooses between them is generated in C# only; the project's language is {1}. Set Scheme to the one form that you want, or move the model into a C# library.",
        "A model with Variants gets a class that loads one of several files and can change between them while the program runs; that class exists in C# only.",
        "Use Scheme instead of Variants, or put the item into a C# library that the project references.");

    // 2: model

    public static readonly DiagnosticDescriptor NotAnOnnxModel = new("QB2001", Error,
        "Not an ONNX model",
        "'{0}' is not an ONNX model: {1}",
        "The file is empty, truncated, a pointer of Git LFS, a web page, or of another format.",
        "Replace the file with a complete .onnx file; with Git LFS, run 'git lfs pull'.");

    public static readonly DiagnosticDescriptor UnsupportedOpset = new("QB2002", Error,
        "Unsupported opset",
        "'{0}' uses opset {1}; supported are {2} to {3}. Export the model again with an opset in this range.",
        "The model was exported with an operator set that is too old or too new.",
        "Export the model again with an opset in the supported range.");

    public static readonly DiagnosticDescriptor InvalidGraph = new("QB2003", Error,
        "Invalid graph",
        "'{0}' is not a valid model: {1}",
        "A tensor has two producers or none, the graph has a cycle, or a name is missing.",
        "Export the model again; if it comes from an editing tool, check the node that the message names.");

    public static readonly DiagnosticDescriptor InvalidTensor = new("QB2004", Error,
        "Invalid tensor",
        "The tensor '{0}' is not valid: {1}",
        "Shape and data of a stored tensor do not agree, or its type is unknown.",
        "Export the model again.");

    public static readonly DiagnosticDescriptor AlreadyQuantized = new("QB2005", Error,
        "Model is already quantized",
        "'{0}' is already quantized: it contains {1}. Give the float model instead, or set Scheme=None to use this one as it is.",
        "The model contains quantized operators; quantizing it again would lose accuracy.",
        "Use the float model that this one was made from. With Scheme=None the model is embedded as it is, whatever it contains.");

    public static readonly DiagnosticDescriptor ExternalData = new("QB2006", Error,
        "External data cannot be used",
        "The external data of the tensor '{0}' cannot be used: {1}",
        "The file of weights beside the model is missing, too short, or lies outside of the model's folder.",
        "Put the file beside the model, under the name that the model gives it.");

    public static readonly DiagnosticDescriptor ModelDoesNotRun = new("QB2007", Error,
        "The runtime refuses the model",
        "ONNX Runtime does not run '{0}': {1}",
        "The float model itself cannot be loaded or run by ONNX Runtime.",
        "Check the model with ONNX Runtime alone; the message after the colon is its own.");

    public static readonly DiagnosticDescriptor ExternalDataChanged = new("QB2008", Error,
        "File of weights changed during the build",
        "The file of weights '{0}' changed while the model was being quantized: {1}",
        "Weights of large models are read when they are needed, and the file must stay as it is until the build ends.",
        "Build again when nothing writes to the file any more.");

    public static readonly DiagnosticDescriptor MessageTooLarge = new("QB2009", Error,
        "Too many weights outside of large tensors",
        "The weights that must be part of the ONNX file take {0} bytes; a file can hold {1}.",
        "Weights of a large model stay in the file beside it, but constants of nodes, of the bodies of If, Loop and Scan, and weights into which a normalization was folded do not.",
        "Export the model with its weights as initializers of the main graph and with normalizations folded.");

    // 3: preparation

    public static readonly DiagnosticDescriptor PassBrokeGraph = new("QB3001", Error,
        "Internal error while preparing the model",
        "Preparing '{0}': the pass {1} left an invalid graph: {2}. This is a defect of QuantBuild; please report it.",
        "A graph pass of QuantBuild made a mistake, which the check after it found.",
        "Report it with the model, if you can share it.");

    public static readonly DiagnosticDescriptor OpsetConversion = new("QB3002", Error,
        "Opset cannot be raised",
        "'{0}' has opset {1}, and its node '{2}' ({3}) cannot be converted to opset {4}: {5}",
        "Per-channel quantization needs opset 13, and one of the model's operators changed its meaning in a way that cannot be expressed exactly.",
        "Export the model again with opset 13 or newer.");

    public static readonly DiagnosticDescriptor PreparedModelDiffers = new("QB3003", Error,
        "Prepared model differs from the original",
        "'{0}': after preparation the output '{1}' differs by {2:G3} (relative to its largest value), more than the allowed {3:G3}. This is a defect of QuantBuild; please report it.",
        "Folding and converting must not change the outputs; the check on real samples found that it did.",
        "Report it with the model, if you can share it.");

    public static readonly DiagnosticDescriptor PreparedModelDoesNotRun = new("QB3004", Error,
        "The runtime refuses the prepared model",
        "ONNX Runtime does not run '{0}' after preparation: {1}. This is a defect of QuantBuild; please report it.",
        "Folding and converting left a model that the runtime does not accept, although it runs the original.",
        "Report it with the model, if you can share it; exporting the model with opset 13 or newer may get around it.");

    // 4: data and calibration

    public static readonly DiagnosticDescriptor UnreadableData = new("QB4001", Error,
        "Data file cannot be read",
        "The data file '{0}' cannot be read: {1}",
        "The file is damaged or cut off, or contains something other than its format allows.",
        "Write the file again; for .npz with numpy.savez or numpy.savez_compressed.");

    public static readonly DiagnosticDescriptor MissingArray = new("QB4002", Error,
        "Data file lacks an input of the model",
        "The data file '{0}' has no array named '{1}', which is an input of the model ({2}). It has: {3}.{4}",
        "The arrays of a data file are matched to the inputs of the model by name; only an unnamed array of a model with one input needs none.",
        "Save the array under the name of the input.");

    public static readonly DiagnosticDescriptor ShapeMismatch = new("QB4003", Error,
        "Array has the wrong shape",
        "The array '{0}' in '{1}' has the shape {2}, but the model's input is {3}. The first axis of the array counts samples.",
        "The array cannot be cut into samples that fit the input.",
        "Save the array with one sample per entry of its first axis, and the other axes as the input has them.");

    public static readonly DiagnosticDescriptor TypeMismatch = new("QB4004", Error,
        "Array has the wrong type",
        "The array '{0}' in '{1}' holds {2}, but the model's input takes {3}.",
        "Values are not converted, because a conversion would hide a mistake in the preprocessing.",
        "Save the array with the type of the input, for instance array.astype(numpy.float32).");

    public static readonly DiagnosticDescriptor NotFinite = new("QB4005", Error,
        "Values that are not finite",
        "The input '{0}' holds {1} for some calibration sample, which cannot be quantized. Correct the data, or exclude the nodes that read it (ExcludedNodes).",
        "An array of the data file contains NaN or infinities.",
        "Remove the samples with NaN, correct the preprocessing, or exclude the nodes that read the tensor.");

    public static readonly DiagnosticDescriptor FewSamples = new("QB4006", Warning,
        "Few calibration samples",
        "'{0}' has only {1} samples to calibrate on; ranges from fewer than {2} are unreliable. Add samples; a few hundred that are typical of what the program will see are enough.",
        "The ranges of the activations are estimated from the samples; a few samples do not show them.",
        "Use at least a hundred samples that are typical of what the program will see.");

    public static readonly DiagnosticDescriptor HeldOut = new("QB4007", Message,
        "Samples held out for the gate",
        "No ValidationData: {0} of the {1} calibration samples (every fourth) are held out, used for the accuracy check and not for the ranges.",
        "The accuracy must be measured on samples that the ranges were not chosen from.",
        "Set ValidationData to measure on a set of its own.");

    public static readonly DiagnosticDescriptor CountMismatch = new("QB4008", Error,
        "Arrays have different numbers of samples",
        "In '{0}' the array '{1}' has {2} samples, but '{3}' has {4}.",
        "All arrays of a data file describe the same samples.",
        "Save arrays with the same length of the first axis.");

    public static readonly DiagnosticDescriptor NoSamples = new("QB4009", Error,
        "No samples",
        "'{0}' contains no samples{1}.",
        "The arrays of the data file are empty, or too few to fill one batch of a model with a fixed batch size.",
        "Save at least one sample; for a model with a fixed batch, at least one batch.");

    public static readonly DiagnosticDescriptor InvalidLabels = new("QB4010", Error,
        "Labels do not fit the model",
        "The labels in '{0}' do not fit the model: {1}",
        "The array 'labels', or that of LabelName, must hold one class number per sample, below the number of classes that the model's first output has, or its name in the file of Labels.",
        "Correct or remove the array 'labels'; without it outputs are compared by cosine similarity.");

    public static readonly DiagnosticDescriptor BatchMismatch = new("QB4011", Error,
        "Inputs take different numbers of samples",
        "'{0}' takes {1} samples at once in its input '{2}', but {3} in '{4}', so that one run cannot be fed with whole samples. Export the model with a free first axis.",
        "The first axes of two inputs are fixed to different lengths, or one input has no axis for samples beside another with a fixed batch.",
        "Export the model with a free first axis, or with batch size 1, for all inputs.");

    public static readonly DiagnosticDescriptor NotANumber = new("QB4012", Error,
        "NaN in the data of the accuracy check",
        "The array '{0}' in '{1}' holds NaN in some sample on which the accuracy is measured, so that nothing can be compared. Correct the data.",
        "The outputs of both models are NaN for such a sample, whatever the quantization.",
        "Remove the samples with NaN, or correct the preprocessing that makes them.");

    public static readonly DiagnosticDescriptor UnknownDataFormat = new("QB4013", Error,
        "Unknown format of data",
        "'{0}' is not data that QuantBuild reads: {1}. Allowed are: {2}.",
        "CalibrationData or ValidationData names a file or folder of a format that is not known, or an empty one.",
        "Save the samples in one of the formats that the message lists.");

    public static readonly DiagnosticDescriptor SampleMismatch = new("QB4014", Error,
        "Sample does not fit",
        "In '{1}' {0} does not fit: {2}.",
        "One sample of the data is of another type, number of axes or shape than the model's input or the first sample, or holds a value that the input's type cannot.",
        "Correct or remove the sample that the message names.");

    public static readonly DiagnosticDescriptor UnknownClass = new("QB4015", Error,
        "Unknown class",
        "'{1}' ({0}) is not a class in '{2}': {3}",
        "A label or a sub-folder of the data has a name that is not among the names of the classes.",
        "Use a name of the file that Labels names; names are case-sensitive.");

    public static readonly DiagnosticDescriptor InvalidClassNames = new("QB4016", Error,
        "File of class names cannot be used",
        "'{0}' does not name classes: {1}.",
        "The file that Labels names is not a list of names, one a line, each once.",
        "Write one name a line in UTF-8, in the order of the class numbers.");

    public static readonly DiagnosticDescriptor InvalidDataShape = new("QB4017", Error,
        "Shape of the data is not known or does not fit",
        "The shape of the samples of '{0}' for the input '{1}' ({2}) {3}.",
        "A file of bare numbers has no shape; it follows from the model's input, or from DataShape where the model leaves axes free.",
        "Set DataShape to the lengths of the axes of one sample, for instance image=[1,28,28].");

    public static readonly DiagnosticDescriptor InvalidDataFolder = new("QB4018", Error,
        "Folder cannot be used as data",
        "The folder '{0}' cannot be used as data: {1}.",
        "Files of the folder are missing, of several formats, or links that lead out of it.",
        "Arrange the folder as the message says; keep samples of one format in it, and other things elsewhere.");

    public static readonly DiagnosticDescriptor SamplingRateMismatch = new("QB4019", Error,
        "Recordings of different sampling rates",
        "In '{0}' the file '{1}' has {2} samples a second, but '{3}' has {4}.",
        "A model hears one sampling rate; recordings of another one sound too fast or too slow to it.",
        "Resample the recordings to the rate of the model.");

    public static readonly DiagnosticDescriptor NoImageInput = new("QB4020", Error,
        "Model takes no pictures",
        "'{0}' takes no picture, which {1} would need: {2}.",
        "Pictures go into a model with one input of three or four axes, one of them for 1 or 3 channels, of float32 or uint8.",
        "Remove the image settings from the item, fix the other inputs with FixedInputs, or set Layout where the message says so.");

    public static readonly DiagnosticDescriptor ImageSettingMisfit = new("QB4021", Error,
        "Image setting does not fit the model",
        "{0}={1} does not fit '{2}', which takes {3}: {4}.",
        "Pictures that are made by these settings are no input of the model.",
        "Use the size, the number of channels and the range of values that the model was trained with.");

    public static readonly DiagnosticDescriptor PictureMisfit = new("QB4022", Error,
        "Picture does not fit the model",
        "The picture {0} of '{1}' cannot become the model's input: {2}",
        "The model takes pictures of one size, and this one has another after Resize and CenterCrop.",
        "Set Resize and CenterCrop as the program that trained the model does it.");

    public static readonly DiagnosticDescriptor MissingTarget = new("QB4023", Error,
        "The metric lacks an array of the data",
        "Metric={0} needs an array {1} with {2}, and '{3}' has none. It has: {4}.",
        "The metric compares the outputs with what is right, and the data does not say that.",
        "Save the array in the data file on which the accuracy is measured, or set another Metric; CosineSimilarity needs none.");

    public static readonly DiagnosticDescriptor InvalidTarget = new("QB4024", Error,
        "An array does not fit the metric",
        "The array '{0}' in '{1}' does not fit Metric={2}: {3}.",
        "The type, the shape or a value of the array is not what the metric compares the output with.",
        "Correct the array as the message says, or name another output with MetricOutput.");

    public static readonly DiagnosticDescriptor UnsuitableOutput = new("QB4025", Error,
        "No output for the metric",
        "{0} cannot be measured of '{1}': {2}.",
        "MetricOutput names an output that the model does not have, or the metric takes outputs of another shape.",
        "Name an output of the model with MetricOutput, or set another Metric.");

    public static readonly DiagnosticDescriptor InvalidSlices = new("QB4026", Error,
        "Slices do not fit the data",
        "The slices cannot be measured: {0}",
        "The slice of every sample is named by an array of the data (Slice) or by a line of a file (SliceFile), and there are at most 100 of them.",
        "Correct the array or the file, or remove the setting.");

    // 5: placement and precision

    public static readonly DiagnosticDescriptor NothingToQuantize = new("QB5001", Warning,
        "Nothing to quantize",
        "No node of '{0}' can run in integers: {1}.{2}",
        "The model has no operator that ONNX Runtime runs with 8-bit integers, or all of them are excluded.",
        "See the report for the reason of each node. Set Scheme=WeightOnly where the model is only to be smaller, which it is here too.");

    public static readonly DiagnosticDescriptor UnknownNode = new("QB5002", Error,
        "Excluded node does not exist",
        "'{0}' has no {1} '{2}'.{3} The report of a build without it, NAME.report.json in the obj folder, lists the names of all nodes.",
        "ExcludedNodes or ExcludedOperators names something that the model does not contain, so that it would have no effect.",
        "Use a name from the report; names are case-sensitive.");

    public static readonly DiagnosticDescriptor ComputesNaN = new("QB5003", Warning,
        "Model computes NaN",
        "From the calibration data the model itself computes NaN in '{0}'{1}. The nodes that would read or give it in integers stay float.",
        "A division by zero, a logarithm of a negative number or a row that is masked as a whole: the float model gives NaN for such a sample too.",
        "See that the data is preprocessed as the model expects it; the report names the nodes that stay float.");

    // 6: rewriting

    public static readonly DiagnosticDescriptor NotFused = new("QB6001", Warning,
        "Planned integer kernel was not used",
        "The node '{0}' ({1}) was quantized, but {2} does not run it with {3}. Excluding it (ExcludedNodes) would be faster.",
        "The runtime did not fuse the quantized pattern, so that the node runs in float between conversions.",
        "Add the node to ExcludedNodes, and report it with the model if you can share it.");

    public static readonly DiagnosticDescriptor RewrittenModelDoesNotRun = new("QB6002", Error,
        "The runtime refuses the quantized model",
        "ONNX Runtime does not run the quantized form of '{0}': {1}. This is a defect of QuantBuild; please report it.",
        "The quantized model is not valid for the runtime.",
        "Report it with the model, if you can share it; ExcludedNodes may get around it.");

    public static readonly DiagnosticDescriptor TooLargeToEmbed = new("QB6003", Error,
        "Quantized model too large to embed",
        "The quantized form of '{0}' has {1} bytes; a resource and an ONNX file can hold {2}. Set Embed=false: the model is then copied beside the program, with its weights in a file of their own.",
        "A resource of an assembly and a file of one part end at 2 GB.",
        "Set Embed=false on the item.");
}
