using QuantBuild.Caching;
using QuantBuild.Diagnostics;
using QuantBuild.Locking;
using QuantBuild.Onnx;
using QuantBuild.Reporting;
using QuantBuild.Settings;

namespace QuantBuild;

/// <summary>Compares what a build makes with the project's lock file, or writes it there.</summary>
internal sealed class ProjectLock
{
    private readonly ProjectRequest request;
    private readonly string path;
    private readonly LockFile? file;
    private readonly LockedMode mode;
    private readonly SortedDictionary<string, LockEntry> made = new(StringComparer.Ordinal);
    private readonly HashSet<string> followed = new(StringComparer.Ordinal);

    private ProjectLock(ProjectRequest request, string path, LockFile? file, LockedMode mode)
    {
        this.request = request;
        this.path = path;
        this.file = file;
        this.mode = mode != LockedMode.Auto || file is null || !request.IsContinuousIntegration ? mode : LockedMode.True;
    }

    /// <summary>How long somebody else may hold the file.</summary>
    internal TimeSpan LongestWait { get; set; } = TimeSpan.FromMinutes(1);

    private string DisplayPath => ProjectPath.ForReport(request.ProjectDirectory, path);

    /// <returns>Null when the project has no lock file, or one that is of no use, which is told then.</returns>
    public static ProjectLock? Open(ProjectRequest request, BuildSettings settings, DiagnosticBag problems)
    {
        if (settings.LockFile is not { } path)
            return null;
        string display = ProjectPath.ForReport(request.ProjectDirectory, path);
        try
        {
            LockFile? file = LockFile.Read(path);
            if (file is null && settings.LockedMode == LockedMode.True)
                problems.Add(DiagnosticCatalogue.LockFileMissing.At(Origin(SettingCatalogue.LockedMode), display));
            return new ProjectLock(request, path, file, settings.LockedMode);
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            if (settings.LockedMode == LockedMode.False)
                return new ProjectLock(request, path, null, LockedMode.False);
            problems.Add(DiagnosticCatalogue.LockFileUnreadable.At(Origin(SettingCatalogue.LockFile), display, exception.Message));
            return null;
        }
    }

    /// <summary>Choices to repeat, because they were made on a processor of another class for just these inputs.</summary>
    /// <exception cref="QuantBuildException">QB9011: the recorded choices cannot be read.</exception>
    public Replay? ReplayFor(CheckedModel job, ModelInputs inputs, string processorClass)
    {
        if (mode == LockedMode.False || file is null || !file.Models.TryGetValue(NameOf(job.Settings.DisplayPath), out LockEntry? locked)
            || locked.Output.Processor == processorClass || (mode == LockedMode.Auto && locked.Output.Tool != ReportBuilder.Tool)
            || !locked.HasInputsOf(EntryOf(job, inputs, locked.Choices, null, locked.Output)))
            return null;
        try
        {
            followed.Add(NameOf(job.Settings.DisplayPath));
            return Replay.Of(locked.Choices);
        }
        catch (InvalidDataException exception)
        {
            throw new QuantBuildException(DiagnosticCatalogue.LockFileUnreadable.At(job.Origin, DisplayPath, exception.Message), exception);
        }
    }

    /// <summary>What a search has chosen for just these inputs, which then is not made again.</summary>
    /// <returns>Null where nothing is recorded, or another version of QuantBuild may choose better.</returns>
    /// <exception cref="QuantBuildException">QB9011: the recorded forms cannot be read.</exception>
    public LayerAssignment? LayersFor(CheckedModel job, ModelInputs inputs)
    {
        if (job.Settings.Search is null || mode == LockedMode.False
            || file?.Models.GetValueOrDefault(NameOf(job.Settings.DisplayPath)) is not { Choices.Layers: { } recorded } locked
            || (mode == LockedMode.Auto && locked.Output.Tool != ReportBuilder.Tool)
            || !locked.HasInputsOf(EntryOf(job, inputs, locked.Choices, null, locked.Output)))
            return null;
        var forms = new Dictionary<string, LayerForm>(StringComparer.Ordinal);
        foreach ((string node, string code) in recorded)
            forms.Add(node, LayerForm.Parse(code) ?? throw new QuantBuildException(DiagnosticCatalogue.LockFileUnreadable.At(
                job.Origin, DisplayPath, $"the layer '{node}' has no form in '{code}'")));
        return new LayerAssignment(forms);
    }

    /// <summary>What was timed when just these inputs were made a model of, so that it is not timed again.</summary>
    /// <returns>Null where nothing is recorded.</returns>
    /// <exception cref="QuantBuildException">QB9011: the recorded figures cannot be read.</exception>
    public MachineKernels? KernelsFor(CheckedModel job, ModelInputs inputs)
    {
        if (job.Settings.TargetProfile != TargetProfile.Machine || mode == LockedMode.False
            || file?.Models.GetValueOrDefault(NameOf(job.Settings.DisplayPath)) is not { Choices.Kernels: { } recorded } locked
            || !locked.HasInputsOf(EntryOf(job, inputs, locked.Choices, null, locked.Output)))
            return null;
        try
        {
            return MachineKernels.Parse(recorded) with { IsRecorded = true };
        }
        catch (InvalidDataException exception)
        {
            throw new QuantBuildException(DiagnosticCatalogue.LockFileUnreadable.At(job.Origin, DisplayPath, exception.Message), exception);
        }
    }

    /// <summary>In locked mode, what cannot be what is recorded is not made at all.</summary>
    /// <exception cref="QuantBuildException">QB9007.</exception>
    public void RefuseOtherInputs(CheckedModel job, ModelInputs inputs)
    {
        if (mode != LockedMode.True || file?.Models.GetValueOrDefault(NameOf(job.Settings.DisplayPath)) is not { } locked)
            return;
        string text = LockDifferences.Text(LockDifferences.OfInputs(locked, EntryOf(job, inputs, locked.Choices, null, locked.Output)));
        if (text.Length > 0)
            throw new QuantBuildException(DiagnosticCatalogue.LockDiffers.At(job.Origin, job.Settings.DisplayPath, DisplayPath, text));
    }

    /// <summary>True for a model of an earlier build whose choices are not those that this project follows.</summary>
    public bool HasOtherChoices(string include, LockEntry entry) =>
        mode != LockedMode.False && file?.Models.GetValueOrDefault(NameOf(include)) is { } locked
        && (locked.Output.Processor != entry.Output.Processor || locked.Choices.Kernels is not null) && locked.HasInputsOf(entry) && LockDifferences.OfChoices(locked.Choices, entry.Choices).Any();

    /// <param name="sha256">Of what ships.</param>
    /// <param name="replay">What was followed; null: nothing.</param>
    public static LockEntry EntryOf(
        CheckedModel job, ModelInputs inputs, QuantizationReport report, string sha256, string processorClass, Replay? replay) => EntryOf(
        job,
        inputs,
        replay is null ? Replay.ChoicesIn(report) : Replay.ChoicesIn(report) with { Steps = replay.Steps },
        report.Accuracy is { } accuracy ? new LockedAccuracy(accuracy.Metric, accuracy.Float, accuracy.Quantized, accuracy.Drop, accuracy.Samples) : null,
        new LockedOutput(sha256, report.Size.QuantizedBytes, processorClass, report.Runtime, report.Tool));

    /// <summary>What was made of a model, now or in an earlier build.</summary>
    public void Add(string include, LockEntry entry) => made[NameOf(include)] = entry;

    /// <summary>Compares, or writes, when all models are there.</summary>
    public void Close(DiagnosticBag problems, CancellationToken cancellation)
    {
        foreach (ModelRequest model in request.Models.Where(model => followed.Contains(NameOf(model.Id))))
            problems.Add(DiagnosticCatalogue.LockReplayed.At(
                new DiagnosticOrigin(model.Id), model.Id, file!.Models[NameOf(model.Id)].Output.Processor, made[NameOf(model.Id)].Output.Processor));
        if (mode == LockedMode.True)
            Compare(problems);
        else
            TryWrite(problems, cancellation);
    }

    private void Compare(DiagnosticBag problems)
    {
        foreach (ModelRequest model in request.Models)
        {
            string name = NameOf(model.Id);
            IEnumerable<string> differences = file!.Models.TryGetValue(name, out LockEntry? locked)
                ? LockDifferences.OfAll(locked, made[name], compareOutput: locked.Output.Processor == made[name].Output.Processor)
                : ["it has no entry for the model"];
            if (LockDifferences.Text(differences) is { Length: > 0 } text)
                problems.Add(DiagnosticCatalogue.LockDiffers.At(new DiagnosticOrigin(model.Id), model.Id, DisplayPath, text));
        }
        foreach (string name in file!.Models.Keys.Where(name => IsOfThisBuild(name) && !made.ContainsKey(name)))
            problems.Add(DiagnosticCatalogue.LockDiffers.At(null, name, DisplayPath, "the project has no such model any more"));
    }

    private void TryWrite(DiagnosticBag problems, CancellationToken cancellation)
    {
        try
        {
            Write(cancellation);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            problems.Add(DiagnosticCatalogue.LockFileNotWritten.At(Origin(SettingCatalogue.LockFile), DisplayPath, exception.Message));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            problems.Add(DiagnosticCatalogue.LockFileNotWritten.At(Origin(SettingCatalogue.LockFile), DisplayPath, "Another build holds it."));
        }
    }

    /// <remarks>Builds for several target frameworks write the same file, each its own entries.</remarks>
    private void Write(CancellationToken cancellation)
    {
        using CancellationTokenSource limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(LongestWait);
        using CacheLock turn = CacheLock.Take(Path.Combine(request.SharedDirectory, "quantbuild.lock"), () => { }, limited.Token);
        LockFile current = ReadAgain();
        var models = new SortedDictionary<string, LockEntry>(current.Models, StringComparer.Ordinal);
        foreach (string gone in current.Models.Keys.Where(name => IsOfThisBuild(name) && !made.ContainsKey(name)))
            models.Remove(gone);
        foreach ((string name, LockEntry entry) in made)
            if (!models.TryGetValue(name, out LockEntry? locked) || mode == LockedMode.False || ShouldReplace(locked, entry))
                models[name] = entry;
        var folder = new OutputFolder(Path.GetDirectoryName(path)!);
        folder.DeleteLeftovers(Path.GetFileName(path));
        folder.Write(Path.GetFileName(path), (current with { Models = models }).ToBytes());
    }

    /// <summary>What another class of processors made of the same inputs stays: whose build came last must not matter. A new version of QuantBuild may
    /// choose better, and does so on the first machine that has it.</summary>
    private static bool ShouldReplace(LockEntry locked, LockEntry now) =>
        (locked.Output.Processor == now.Output.Processor || locked.Output.Tool != now.Output.Tool || !locked.HasInputsOf(now)) && (!IsUnquantized(now) || IsUnquantized(locked));

    /// <summary>A build that only has to be quick leaves the record of those that matter alone.</summary>
    private static bool IsUnquantized(LockEntry entry) => entry.Settings.GetValueOrDefault("Scheme") == nameof(QuantizationScheme.None);

    private LockFile ReadAgain()
    {
        try
        {
            return LockFile.Read(path) ?? LockFile.Empty;
        }
        catch (InvalidDataException)
        {
            // Who asks for it to be written wants what is damaged replaced.
            return LockFile.Empty;
        }
    }

    /// <summary>Entries of other target frameworks belong to their own builds.</summary>
    private bool IsOfThisBuild(string name) => request.TargetFramework.Length > 0
        ? name.EndsWith($" ({request.TargetFramework})", StringComparison.Ordinal)
        : true;

    private string NameOf(string include)
    {
        string name = include.Replace('\\', '/');
        return request.TargetFramework.Length == 0 ? name : $"{name} ({request.TargetFramework})";
    }

    private static LockEntry EntryOf(CheckedModel job, ModelInputs inputs, LockedChoices choices, LockedAccuracy? measured, LockedOutput output) => new(
        inputs.Files[0].Sha256,
        new SortedDictionary<string, string>(inputs.Files.Skip(1).ToDictionary(file => file.Name, file => file.Sha256), StringComparer.Ordinal),
        new SortedDictionary<string, string>(job.Settings.Locked.ToDictionary(setting => setting.Name, setting => setting.Value), StringComparer.Ordinal),
        choices,
        measured,
        output);

    private static DiagnosticOrigin Origin(SettingDescriptor setting) => new(null, setting.PropertyName);
}
