using System.Collections.Generic;
using Strata.Onnx.Schema;

namespace Strata.Onnx.Reading;

/// <summary>The versions of the operator sets that a model or a function imports.</summary>
internal sealed class Opsets
{
    private Opsets(int standard) => Standard = standard;

    /// <summary>The version of the standard operators.</summary>
    public int Standard { get; }

    public static bool IsStandard(string domain) => domain is "" or "ai.onnx";

    /// <summary>Without an import, the IR version tells which set was the newest then.</summary>
    public static Opsets Read(IEnumerable<OperatorSetIdProto> imports, long irVersion)
    {
        foreach (OperatorSetIdProto import in imports)
        {
            if (IsStandard(import.Domain))
            {
                return new Opsets(Clamp(import.Version));
            }
        }

        return new Opsets(irVersion switch { <= 3 => 8, 4 => 9, 5 => 10, 6 => 11, 7 => 13, 8 => 17, 9 => 19, 10 => 21, _ => 23 });
    }

    private static int Clamp(long version) =>
        version is < 1 or > 1000 ? throw new ReadingException($"operator set {version}") : (int)version;
}
