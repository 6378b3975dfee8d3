using System.Linq;
using Strata.Generator.Declarations;
using Strata.Generator.Diagnostics;
using Strata.Generator.Graph;

namespace Strata.Generator.Operators;

/// <summary>Stands for two layers, or for none where the input has the right shape already.</summary>
internal sealed class Shortcut : Operator
{
    /// <summary>What torchvision calls it.</summary>
    public const string Stem = "downsample";

    public override string Kind => "Shortcut";

    public override OperatorDocumentation Documentation => new(
        "[Shortcut(filters)]",
        "C×H×W → filters×H′×W′, H′ = ⌊(H − 1)/S⌋ + 1",
        "y = x where C = filters and S = 1, otherwise batch norm of a 1×1 convolution without bias",
        "torchvision's downsample",
        "");

    public static StackBlock Expand(AttributeDeclaration attribute, Site site, StackBlock scope, string name, bool isBroken)
    {
        var block = new StackBlock(site, attribute, scope, name)
        {
            IsBroken = isBroken,
            ShortcutFilters = attribute.Find("filters") as int? ?? 0,
        };
        Argument[] window =
        [
            .. attribute.Arguments.Where(argument => argument.Name is "filters" or "Stride"), new Argument("kernel", 1), new Argument("Bias", false),
        ];
        block.Items.Add(new StackLayer(site, new AttributeDeclaration("Conv2D", window.ToEquatableArray()), block, name + ".0"));
        block.Items.Add(new StackLayer(site, new AttributeDeclaration("BatchNorm", EquatableArray<Argument>.Empty), block, name + ".1"));
        return block;
    }
}
