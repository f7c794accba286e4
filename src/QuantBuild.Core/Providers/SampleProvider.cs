using System.Collections;
using System.Globalization;
using System.Reflection;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Providers;

/// <summary>An object of the user's class. What goes wrong in it is told as its own fault.</summary>
internal sealed class SampleProvider : IDisposable
{
    public const string Signature = "public IEnumerable<IReadOnlyDictionary<string, Array>> GetSamples(string path)";

    public const string ScoreName = "Score";

    private const string ScoreSignature =
        "public double Score(IReadOnlyDictionary<string, Array> sample, IReadOnlyDictionary<string, Array> outputs)";

    private const string BetterName = "HigherIsBetter";

    private readonly ProviderReference reference;
    private readonly ProviderContext context;
    private readonly DiagnosticOrigin origin;
    private readonly object instance;
    private readonly MethodInfo getSamples;
    private readonly MethodInfo? score;
    private readonly PropertyInfo? higherIsBetter;

    private const string InScore = "in its method Score";

    private SampleProvider(ProviderReference reference, ProviderContext context, DiagnosticOrigin origin)
    {
        this.reference = reference;
        this.context = context;
        this.origin = origin;
        Type type = Load();
        getSamples = FindGetSamples(type);
        score = FindScore(type);
        higherIsBetter = type.GetProperty(BetterName, typeof(bool)) is { CanRead: true } property && property.GetMethod!.IsPublic ? property : null;
        instance = Guard("when it was made", () => Activator.CreateInstance(type)!);
    }

    public string DisplayName => reference.DisplayName;

    /// <summary>Of the class, without its namespace.</summary>
    public string ClassName => instance.GetType().Name;

    /// <summary>Null when the class measures nothing itself.</summary>
    public Func<IReadOnlyDictionary<string, Array>, IReadOnlyDictionary<string, Array>, double>? Score => score is null
        ? null
        : (sample, outputs) => Guard(InScore, () => (double)Invoke(score, sample, outputs)!);

    /// <summary>Of <see cref="Score"/>; true where the class does not say.</summary>
    public bool HigherIsBetter => higherIsBetter is null || Guard("in its property HigherIsBetter", () => (bool)Invoke(higherIsBetter.GetMethod!)!);

    /// <exception cref="QuantBuildException">QB4033: the assembly or the class cannot be used. QB4034: its constructor failed.</exception>
    public static SampleProvider Open(ProviderReference reference, DiagnosticOrigin origin)
    {
        var context = new ProviderContext(reference.Assembly);
        try
        {
            return new SampleProvider(reference, context, origin);
        }
        catch
        {
            context.Unload();
            throw;
        }
    }

    /// <summary>One pass over the samples; every call runs the user's method again.</summary>
    /// <param name="path">Absolute, of a file or folder; empty for none.</param>
    /// <exception cref="QuantBuildException">QB4034: the user's code failed. QB4035: it gave null.</exception>
    public IEnumerable<IEnumerable<KeyValuePair<string, Array?>>> Samples(string path, CancellationToken cancellation)
    {
        long index = 0;
        object?[] arguments = getSamples.GetParameters().Length == 2 ? [path, cancellation] : [path];
        IEnumerable given = Guard("in its method GetSamples", () => (IEnumerable?)Invoke(getSamples, arguments)) ?? throw Wrong(0, path, "GetSamples gave null");
        IEnumerator samples = Guard("in its method GetSamples", given.GetEnumerator);
        try
        {
            while (Guard($"before sample {index}", samples.MoveNext))
            {
                cancellation.ThrowIfCancellationRequested();
                object sample = Guard($"in sample {index}", () => samples.Current) ?? throw Wrong(index, path, "it is null");
                yield return Guard($"in sample {index}", () => ((IEnumerable<KeyValuePair<string, Array?>>)sample).ToArray());
                index++;
            }
        }
        finally
        {
            Guard("at its end", () =>
            {
                (samples as IDisposable)?.Dispose();
                return true;
            });
        }
    }

    /// <param name="index">From 0.</param>
    public QuantBuildException Wrong(long index, string path, string why) => new(DiagnosticCatalogue.ProviderSampleInvalid.At(
        origin, DisplayName, index, path.Length == 0 ? "" : $" for '{Path.GetFileName(path)}'", why));

    /// <param name="index">Of the sample whose score is no number.</param>
    public QuantBuildException WrongScore(long index, double score) => new(DiagnosticCatalogue.ProviderFailed.At(
        origin, DisplayName, InScore, string.Create(CultureInfo.InvariantCulture, $"it gave {score} for sample {index}, and a mean needs finite numbers.")));

    public QuantBuildException WithoutScore() => Unusable(NoScore(instance.GetType().FullName!));

    /// <summary>Why a class cannot be a metric.</summary>
    public static string NoScore(string type) => $"Metric=Custom is measured by it, and the type '{type}' has no method {ScoreName}; it needs {ScoreSignature}";

    public void Dispose()
    {
        try
        {
            Guard("in its method Dispose", () =>
            {
                (instance as IDisposable)?.Dispose();
                return true;
            });
        }
        finally
        {
            context.Unload();
        }
    }

    private Type Load()
    {
        try
        {
            string name = ProviderMetadata.FindType(reference);
            return Guard("when it was loaded", () => context.LoadFile(reference.Assembly).GetType(name, throwOnError: true)!);
        }
        catch (InvalidDataException exception)
        {
            throw Unusable(exception.Message);
        }
    }

    private MethodInfo FindGetSamples(Type type)
    {
        MethodInfo[] methods = Guard("when it was loaded", () => type.GetMethods(BindingFlags.Public | BindingFlags.Instance)
            .Where(method => method.Name == ProviderMetadata.MethodName).ToArray());
        return methods.FirstOrDefault(method => Takes(method, typeof(string), typeof(CancellationToken)) && GivesSamples(method))
            ?? methods.FirstOrDefault(method => Takes(method, typeof(string)) && GivesSamples(method))
            ?? throw Unusable($"the type '{type.FullName}' has {(methods.Length == 0 ? $"no public method {ProviderMetadata.MethodName}" : $"'{methods[0]}'")}; it needs {Signature}");
    }

    private MethodInfo? FindScore(Type type)
    {
        MethodInfo[] methods = [.. type.GetMethods(BindingFlags.Public | BindingFlags.Instance).Where(method => method.Name == ScoreName)];
        Type arrays = typeof(IReadOnlyDictionary<string, Array>);
        return methods.FirstOrDefault(method => Takes(method, arrays, arrays) && method.ReturnType == typeof(double))
            ?? (methods.Length == 0 ? null : throw Unusable(
                $"the type '{type.FullName}' has '{methods[0]}'; it needs {ScoreSignature}"));
    }

    private static bool Takes(MethodInfo method, params Type[] types) =>
        !method.IsGenericMethod && method.GetParameters().Select(parameter => parameter.ParameterType).SequenceEqual(types);

    /// <summary>Every kind of dictionary is a sequence of pairs.</summary>
    private static bool GivesSamples(MethodInfo method) => typeof(IEnumerable<IEnumerable<KeyValuePair<string, Array>>>).IsAssignableFrom(method.ReturnType);

    private object? Invoke(MethodInfo method, params object?[] arguments) =>
        method.Invoke(instance, BindingFlags.DoNotWrapExceptions, binder: null, arguments, culture: null);

    private QuantBuildException Unusable(string why) => new(DiagnosticCatalogue.ProviderUnusable.At(origin, DisplayName, why));

    private T Guard<T>(string where, Func<T> run)
    {
        try
        {
            return run();
        }
        catch (Exception exception) when (exception is not (QuantBuildException or OperationCanceledException))
        {
            throw new QuantBuildException(
                DiagnosticCatalogue.ProviderFailed.At(origin, DisplayName, where, ProviderFault.Describe(exception, context)), exception);
        }
    }
}
