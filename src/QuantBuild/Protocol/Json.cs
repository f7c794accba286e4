using System.IO;
using System.Runtime.Serialization;
using System.Runtime.Serialization.Json;
using System.Xml;

namespace QuantBuild.Tasks.Protocol;

/// <summary>Reads JSON with what every host of MSBuild has: the task must not bring a library that another task may bring too.</summary>
internal static class Json
{
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
