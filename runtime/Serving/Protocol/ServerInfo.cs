using System.Reflection;

namespace Strata.Serving.Protocol;

/// <summary>What the server says of itself, over HTTP and gRPC alike.</summary>
internal static class ServerInfo
{
    /// <summary>The platform in a model's metadata.</summary>
    public const string Platform = "strata";

    public static readonly string[] Extensions = ["binary_tensor_data", "classification", "model_repository"];

    /// <summary>This package's version, without the commit.</summary>
    public static string Version { get; } = typeof(ServerInfo).Assembly
        .GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>A state in the words of the repository extension.</summary>
    public static string StateOf(ServedModel model) => model.State switch
    {
        ModelState.Ready => "READY",
        ModelState.Loading => "LOADING",
        _ => "UNAVAILABLE",
    };

    /// <exception cref="ProtocolException">There is no such model, or it has another version.</exception>
    public static ServedModel Find(ModelRepository repository, string name, string? version)
    {
        ServedModel model = repository.Find(name)
            ?? throw ProtocolException.NotFound($"There is no model '{name}'. Ask v2/repository/index for all of them.");
        return string.IsNullOrEmpty(version) || version == model.Version ? model
            : throw ProtocolException.NotFound($"Model '{name}' has version '{model.Version}', not '{version}'.");
    }
}
