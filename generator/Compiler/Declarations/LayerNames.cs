using System.Globalization;
using System.Linq;

namespace Strata.Compiler.Declarations;

/// <summary>The C# identifiers of layers' names, and the names that are taken.</summary>
internal static class LayerNames
{
    /// <summary>Members that the generator adds to every network, besides the layers' properties.</summary>
    public static readonly string[] GeneratedMembers =
    [
        "InputLength", "OutputLength", "InputShape", "OutputShape", "ParameterCount", "CreateTrainer",
    ];

    /// <summary>
    /// A name's identifier: conv1 gives Conv1, layer2.1 gives Layer2_1, block1-0 gives Block1_0, and 0 gives _0. Null, with the reason, if
    /// there is none.
    /// </summary>
    public static string? Identifier(string name, out string reason)
    {
        Cancellation.ThrowIfRequested();
        reason = "";
        if (name.Length == 0)
        {
            reason = "it is empty";
            return null;
        }

        string[] segments = name.Split('.');
        if (segments.Any(segment => segment.Length == 0))
        {
            reason = "a part between dots is empty";
            return null;
        }

        string identifier = string.Join("_", segments.Select(segment => char.ToUpperInvariant(segment[0]) + segment.Substring(1)))
            .Replace('-', '_');
        if (segments[0].All(c => c is >= '0' and <= '9'))
        {
            // PyTorch names the modules of an nn.Sequential 0, 1, ….
            identifier = "_" + identifier;
        }
        else if (identifier[0] is >= '0' and <= '9')
        {
            reason = "it begins with a digit";
            return null;
        }

        // The compiler ignores formatting characters, so with them two names could become one.
        if (!Identifiers.IsValid(identifier) || identifier.Any(c => char.GetUnicodeCategory(c) == UnicodeCategory.Format))
        {
            char wrong = identifier.FirstOrDefault(c => !Identifiers.IsPart(c));
            reason = wrong == 0 || char.IsControl(wrong) || char.IsSurrogate(wrong) || char.IsWhiteSpace(wrong)
                ? "it holds a character that identifiers cannot hold"
                : $"it holds '{wrong}'";
            return null;
        }

        return identifier;
    }
}
