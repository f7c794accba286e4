using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace QuantBuild.Tasks.Protocol;

/// <summary>Writes a request member by member: a serializer that first looks at the types takes half of the task's time in a build that
/// has nothing to do. The bytes are those of <see cref="DataContractJsonSerializer"/>, which reads them.</summary>
internal static class RequestJson
{
    /// <summary>UTF-8, indented, without a byte order mark.</summary>
    public static byte[] ToBytes(WorkerRequest request)
    {
        using var stream = new MemoryStream();
        using (XmlWriter writer = JsonReaderWriterFactory.CreateJsonWriter(stream, Encoding.UTF8, ownsStream: false, indent: true, "  "))
            Write(writer, request);
        return stream.ToArray();
    }

    private static void Write(XmlWriter writer, WorkerRequest request)
    {
        Start(writer, "root", "object");
        Number(writer, "schema", request.Schema);
        Text(writer, "tool", request.Tool);
        Text(writer, "command", request.Command);
        Text(writer, "projectDirectory", request.ProjectDirectory);
        Text(writer, "outputDirectory", request.OutputDirectory);
        Text(writer, "rootNamespace", request.RootNamespace);
        Text(writer, "language", request.Language);
        Settings(writer, "properties", request.Properties);
        Start(writer, "models", "array");
        foreach (RequestModel model in request.Models)
            Write(writer, model);
        writer.WriteEndElement();
        if (request.RuntimeLibrary is { } library)
            Text(writer, "runtimeLibrary", library);
        Text(writer, "targetFramework", request.TargetFramework);
        Text(writer, "sharedDirectory", request.SharedDirectory);
        Boolean(writer, "continuousIntegration", request.IsContinuousIntegration);
        if (request.LockFile is { } lockFile)
            Text(writer, "lockFile", lockFile);
        writer.WriteEndElement();
    }

    private static void Write(XmlWriter writer, RequestModel model)
    {
        Start(writer, "item", "object");
        Text(writer, "include", model.Include);
        Text(writer, "path", model.Path);
        Text(writer, "name", model.Name);
        Settings(writer, "metadata", model.Metadata);
        Boolean(writer, "isCurrent", model.IsCurrent);
        if (model.Variant is { } variant)
            Text(writer, "variant", variant);
        if (model.Family is { } family)
            Text(writer, "family", family);
        writer.WriteEndElement();
    }

    private static void Settings(XmlWriter writer, string name, List<RequestSetting> settings)
    {
        Start(writer, name, "array");
        foreach (RequestSetting setting in settings)
        {
            Start(writer, "item", "object");
            Text(writer, "name", setting.Name);
            Text(writer, "value", setting.Value);
            writer.WriteEndElement();
        }
        writer.WriteEndElement();
    }

    private static void Text(XmlWriter writer, string name, string value)
    {
        writer.WriteStartElement(name);
        writer.WriteString(value);
        writer.WriteEndElement();
    }

    private static void Number(XmlWriter writer, string name, int value)
    {
        Start(writer, name, "number");
        writer.WriteString(value.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndElement();
    }

    private static void Boolean(XmlWriter writer, string name, bool value)
    {
        Start(writer, name, "boolean");
        writer.WriteString(value ? "true" : "false");
        writer.WriteEndElement();
    }

    private static void Start(XmlWriter writer, string name, string type)
    {
        writer.WriteStartElement(name);
        writer.WriteAttributeString("type", type);
    }
}
