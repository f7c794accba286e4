using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.Versioning;
using QuantBuild.Diagnostics;
using QuantBuild.Settings;

namespace QuantBuild.Providers;

/// <summary>What an assembly says about itself. It is read as a file: none of its code is loaded or run.</summary>
internal static class ProviderMetadata
{
    public const string MethodName = "GetSamples";

    private const int MostNamed = 5;

    /// <param name="scores">True when the class has to measure as well.</param>
    /// <returns>The full name of the class, which is there and can be made.</returns>
    /// <exception cref="InvalidDataException">The assembly or the class cannot be used; the message says why and what to do.</exception>
    public static string FindType(ProviderReference provider, bool scores = false)
    {
        if (!File.Exists(provider.Assembly))
            throw new InvalidDataException(
                $"there is no file '{provider.Assembly}'. Build its project first: <ProjectReference Include=\"…\" ReferenceOutputAssembly=\"false\" /> does");
        using PEReader file = Open(provider.Assembly);
        MetadataReader metadata = ReaderOf(file);
        CheckTarget(metadata);
        (string Name, TypeDefinition Type)[] types = [.. metadata.TypeDefinitions.Select(metadata.GetTypeDefinition).Select(type => (FullName(metadata, type), type))];
        (string name, TypeDefinition found) = Choose(metadata, types, provider.TypeName);
        if (WhyNot(metadata, found) is { } why)
            throw new InvalidDataException($"the type '{name}' {why}");
        if (scores && !MayHave(metadata, found, SampleProvider.ScoreName))
            throw new InvalidDataException(SampleProvider.NoScore(name));
        return name;
    }

    /// <summary>Names of the assemblies that a file refers to; none when it is no assembly.</summary>
    public static IReadOnlyList<string> ReferencesOf(string path)
    {
        try
        {
            using PEReader file = Open(path);
            MetadataReader metadata = ReaderOf(file);
            return [.. metadata.AssemblyReferences.Select(one => metadata.GetString(metadata.GetAssemblyReference(one).Name))];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static PEReader Open(string path)
    {
        try
        {
            return new PEReader(new MemoryStream(File.ReadAllBytes(path)));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"its file cannot be read: {exception.Message}", exception);
        }
    }

    private static MetadataReader ReaderOf(PEReader file)
    {
        try
        {
            if (file.HasMetadata && file.GetMetadataReader() is { IsAssembly: true } metadata)
                return metadata;
        }
        catch (BadImageFormatException)
        {
            // As what is no assembly at all.
        }
        throw new InvalidDataException("the file is no .NET assembly. Give the .dll that the project of the class makes, then a semicolon and the name of the class");
    }

    private static void CheckTarget(MetadataReader metadata)
    {
        if (TextOf(metadata, nameof(TargetFrameworkAttribute)) is { } target)
        {
            var framework = new FrameworkName(target);
            if (framework.Identifier == ".NETFramework")
                throw new InvalidDataException($"it is made for .NET Framework {framework.Version}. Make it for .NET {Environment.Version.Major}.0 or older, or for .NET Standard");
            if (framework.Identifier == ".NETCoreApp" && framework.Version.Major > Environment.Version.Major)
                throw new InvalidDataException(
                    $"it is made for .NET {framework.Version}, and the build runs it in .NET {Environment.Version.ToString(2)}. Make it for net{Environment.Version.Major}.0 or older");
        }
        if (HasAttribute(metadata, "ReferenceAssemblyAttribute"))
            throw new InvalidDataException("it is a reference assembly, which has no code. Give the one of the folder bin");
    }

    private static (string Name, TypeDefinition Type) Choose(MetadataReader metadata, (string Name, TypeDefinition Type)[] types, string? wanted)
    {
        if (wanted is null)
        {
            (string Name, TypeDefinition Type)[] giving = [.. types.Where(one => WhyNot(metadata, one.Type) is null)];
            return giving.Length switch
            {
                1 => giving[0],
                0 => throw new InvalidDataException($"it has no public class with a public method {MethodName}. Name the class behind a semicolon"),
                _ => throw new InvalidDataException($"several of its classes have a method {MethodName}: {Named(giving)}. Name one of them behind a semicolon"),
            };
        }
        (string Name, TypeDefinition Type)[] fitting = [.. types.Where(one => one.Name == wanted)];
        if (fitting.Length == 0)
            fitting = [.. types.Where(one => SimpleName(one.Name) == wanted)];
        if (fitting.Length == 1)
            return fitting[0];
        if (fitting.Length > 1)
            throw new InvalidDataException($"'{wanted}' may be any of {Named(fitting)}. Give the name with its namespace");
        string[] names = [.. types.Where(one => IsPublic(metadata, one.Type)).Select(one => one.Name)];
        string? nearest = NearestName.Find(wanted, names) ?? names.FirstOrDefault(name => NearestName.Find(SimpleName(wanted), [SimpleName(name)]) is not null);
        throw new InvalidDataException($"it has no type '{wanted}'.{(nearest is null ? "" : $" Is '{nearest}' meant?")}");
    }

    /// <returns>To follow the name of the type; null when nothing is wrong with it.</returns>
    private static string? WhyNot(MetadataReader metadata, TypeDefinition type)
    {
        if ((type.Attributes & TypeAttributes.Interface) != 0 || IsValueType(metadata, type))
            return "is no class";
        if (!IsPublic(metadata, type))
            return "is not public";
        if ((type.Attributes & TypeAttributes.Abstract) != 0)
            return "is abstract or static; it has to be a class of which an object can be made";
        if (type.GetGenericParameters().Count > 0)
            return "has type parameters; give a class without";
        MethodDefinition[] methods = [.. type.GetMethods().Select(metadata.GetMethodDefinition).Where(IsPublic)];
        if (!methods.Any(method => metadata.GetString(method.Name) == ".ctor" && ParameterCount(metadata, method) == 0))
            return "has no public constructor without parameters";
        return MayHave(metadata, type, MethodName) ? null : $"has no public method {MethodName}; it needs {SampleProvider.Signature}";
    }

    /// <summary>A method may be inherited, from another assembly as well: only a class that inherits nothing is known not to have it.</summary>
    private static bool MayHave(MetadataReader metadata, TypeDefinition type, string method) =>
        (!type.BaseType.IsNil && NameOf(metadata, type.BaseType) != "Object")
        || type.GetMethods().Select(metadata.GetMethodDefinition).Any(one =>
            IsPublic(one) && (one.Attributes & MethodAttributes.Static) == 0 && metadata.GetString(one.Name) == method);

    private static bool IsPublic(MethodDefinition method) => (method.Attributes & MethodAttributes.MemberAccessMask) == MethodAttributes.Public;

    private static bool IsPublic(MetadataReader metadata, TypeDefinition type) => (type.Attributes & TypeAttributes.VisibilityMask) switch
    {
        TypeAttributes.Public => true,
        TypeAttributes.NestedPublic => IsPublic(metadata, metadata.GetTypeDefinition(type.GetDeclaringType())),
        _ => false,
    };

    private static bool IsValueType(MetadataReader metadata, TypeDefinition type) =>
        !type.BaseType.IsNil && NameOf(metadata, type.BaseType) is "ValueType" or "Enum" or "MulticastDelegate";

    /// <summary>The first byte of a signature says what it is, the second, for a method without type parameters, how many parameters it has.</summary>
    private static int ParameterCount(MetadataReader metadata, MethodDefinition method)
    {
        BlobReader signature = metadata.GetBlobReader(method.Signature);
        signature.ReadSignatureHeader();
        return signature.ReadCompressedInteger();
    }

    private static string FullName(MetadataReader metadata, TypeDefinition type)
    {
        string name = metadata.GetString(type.Name);
        if (!type.GetDeclaringType().IsNil)
            return $"{FullName(metadata, metadata.GetTypeDefinition(type.GetDeclaringType()))}+{name}";
        string space = metadata.GetString(type.Namespace);
        return space.Length == 0 ? name : $"{space}.{name}";
    }

    private static string SimpleName(string fullName) => fullName[(fullName.LastIndexOfAny(['.', '+']) + 1)..];

    private static string Named((string Name, TypeDefinition Type)[] types) =>
        string.Join(", ", types.Select(one => $"'{one.Name}'").Order(StringComparer.Ordinal).Take(MostNamed)) + (types.Length > MostNamed ? ", …" : "");

    private static string NameOf(MetadataReader metadata, EntityHandle type) => type.Kind switch
    {
        HandleKind.TypeReference => metadata.GetString(metadata.GetTypeReference((TypeReferenceHandle)type).Name),
        HandleKind.TypeDefinition => metadata.GetString(metadata.GetTypeDefinition((TypeDefinitionHandle)type).Name),
        _ => "",
    };

    private static bool HasAttribute(MetadataReader metadata, string name) => Attributes(metadata, name).Any();

    /// <summary>The first argument of an attribute of the assembly, which is a string.</summary>
    private static string? TextOf(MetadataReader metadata, string name)
    {
        foreach (CustomAttribute attribute in Attributes(metadata, name))
        {
            BlobReader value = metadata.GetBlobReader(attribute.Value);
            return value.ReadUInt16() == 1 ? value.ReadSerializedString() : null;
        }
        return null;
    }

    private static IEnumerable<CustomAttribute> Attributes(MetadataReader metadata, string name) =>
        metadata.GetAssemblyDefinition().GetCustomAttributes().Select(metadata.GetCustomAttribute).Where(attribute =>
            attribute.Constructor.Kind == HandleKind.MemberReference
            && NameOf(metadata, metadata.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent) == name);
}
