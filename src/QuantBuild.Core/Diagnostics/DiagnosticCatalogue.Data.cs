using static QuantBuild.Diagnostics.DiagnosticSeverity;

namespace QuantBuild.Diagnostics;

/// <summary>The codes about samples: how they are stored, what they hold, and classes of the user that give them.</summary>
internal static partial class DiagnosticCatalogue
{
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

    public static readonly DiagnosticDescriptor RangesStillGrow = new("QB4027", Warning,
        "Ranges still grow at the end of the calibration data",
        "'{0}': {1} of {2} activations have ranges that grew by more than {3} in the last quarter of the {4} calibration samples, most of all '{5}' (from a width of {6} to {7}). Shuffle the samples if they are sorted; otherwise add samples.",
        "Values of the last samples are larger than those of all before: the samples are sorted, or there are too few to show what the program will see, whose values are then cut off.",
        "Shuffle the samples before a part of them is saved, or add samples until the warning is gone.");

    public static readonly DiagnosticDescriptor ValidationOverlaps = new("QB4028", Warning,
        "Accuracy is measured on calibration samples",
        "'{0}': {1} of the {2} samples that the accuracy is measured on are, byte for byte, also among the samples of '{3}' that ranges are chosen from. The accuracy looks better than it is; take samples that are in one set only.",
        "The ranges fit the samples they are chosen from. Samples are compared by a hash of what the model is given, whatever the files are called and how they are stored.",
        "Give ValidationData samples that CalibrationData does not have, and remove samples that are there twice.");

    public static readonly DiagnosticDescriptor ConstantInput = new("QB4029", Warning,
        "Input is the same in all samples",
        "'{0}': the input '{1}' is the same in all {2} samples{3}. Nothing can be learnt from it about other values: save what the program will give, or set FixedInputs if it always gives this.",
        "The array was never filled, or the same sample was saved again and again; or the input is a state or setting that does not change in these samples.",
        "Save values as they occur in use. For an input that has one value for ever, set FixedInputs and leave the array out.");

    public static readonly DiagnosticDescriptor EmptySamples = new("QB4030", Warning,
        "Samples of zeros",
        "'{0}': {1} of the {2} samples are nothing but zeros{3}. An export that reserves the array and fills only a part of it leaves such samples; save only those that were filled.",
        "An array was made for more samples than there were, or files that could not be read were replaced by zeros.",
        "Remove these samples. If zeros are real input, silence for instance, set NoWarn to QB4030.");

    public static readonly DiagnosticDescriptor UnusualScale = new("QB4031", Warning,
        "Input looks unlike that of the training",
        "'{0}': the values of '{1}' look as if they were not scaled as in the training of the model: {2}. Prepare the samples as the program does, for instance as pixel / 255.",
        "The first layer of the model shows the size of the values that it was trained on: a BatchNormalization by its mean and variance, a bias by its own size.",
        "Preprocess the samples as in the training. If they are right as they are, set NoWarn to QB4031.");

    public static readonly DiagnosticDescriptor UnevenClasses = new("QB4032", Warning,
        "Classes without samples",
        "'{0}': {1}. What the model does with these classes is hardly measured; draw the samples from all classes.",
        "The set was cut out of sorted data, or some classes were left out when it was made.",
        "Draw samples at random from all classes. If the program hardly sees these classes, set NoWarn to QB4032.");

    public static readonly DiagnosticDescriptor ProviderUnusable = new("QB4033", Error,
        "DataProvider cannot be used",
        "The DataProvider '{0}' cannot be used: {1}.",
        "The assembly or the class that DataProvider names is not there, or not of the form that is needed.",
        "Set DataProvider to the path of the assembly, a semicolon and the full name of a public class with a public constructor without parameters and the method that the message shows.");

    public static readonly DiagnosticDescriptor ProviderFailed = new("QB4034", Error,
        "DataProvider failed",
        "The DataProvider '{0}' failed {1}: {2}",
        "The class that gives the samples threw an exception; type, message and place are those of its own code.",
        "Correct the class. A test that calls GetSamples shows the same.");

    public static readonly DiagnosticDescriptor ProviderSampleInvalid = new("QB4035", Error,
        "Sample of the DataProvider cannot be used",
        "Sample {1} of the DataProvider '{0}'{2} cannot be used: {3}.",
        "A sample is a dictionary with the same names and types as all others, none of them null, and the same in every enumeration. Samples are counted from 0.",
        "Correct what the class gives for this sample.");
}
