using System.IO;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Text;
using System.Xml;

namespace QuantBuild.Tasks.Protocol;

/// <summary>JSON with what every host of MSBuild has: the task must not bring a library that another task may bring too.</summary>
internal static class Json
{
    /// <summary>UTF-8, indented, without a byte order mark.</summary>
    public static byte[] Serialize<T>(T value)
    {
        using var stream = new MemoryStream();
        using (XmlDictionaryWriter writer = JsonReaderWriterFactory.CreateJsonWriter(stream, Encoding.UTF8, ownsStream: false, indent: true, "  "))
            new DataContractJsonSerializer(typeof(T)).WriteObject(writer, value);
        return stream.ToArray();
    }

    /// <exception cref="SerializationException">The bytes are not JSON of this shape.</exception>
    public static T Deserialize<T>(byte[] utf8)
        where T : class
    {
        using var stream = new MemoryStream(utf8);
        try
        {
            return new DataContractJsonSerializer(typeof(T)).ReadObject(stream) as T
                ?? throw new SerializationException("The JSON value is null.");
        }
        catch (XmlException exception)
        {
            throw new SerializationException(exception.Message, exception);
        }
    }
}
