using System;
using System.IO;
using System.Linq;
using System.Xml;
using System.Xml.Linq;

namespace Strata.Tool;

/// <summary>Where an item <c>OnnxModel</c> stands in a project, for errors that MSBuild reads.</summary>
internal static class ItemPlace
{
    /// <summary>Does something for an item. What goes wrong is reported in MSBuild's form, at the item.</summary>
    /// <exception cref="ToolException">It went wrong.</exception>
    public static void Report(string project, string item, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e) when (Program.IsForUsers(e))
        {
            string message = string.Join(' ', e.Message.Split('\n',
                StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
            throw new ToolException($"{Find(project, item)}: error STRATA101: {message}");
        }
    }

    /// <summary><c>App.csproj(12,5)</c>, or only the project if the item is not written there as it is.</summary>
    private static string Find(string project, string item)
    {
        try
        {
            IXmlLineInfo? found = XDocument.Load(project, LoadOptions.SetLineInfo).Descendants()
                .FirstOrDefault(element => element.Name.LocalName == "OnnxModel" && Includes(element, item));
            return found?.HasLineInfo() == true ? FormattableString.Invariant($"{project}({found.LineNumber},{found.LinePosition})")
                : project;
        }
        catch (Exception e) when (e is XmlException or IOException or UnauthorizedAccessException)
        {
            return project;
        }
    }

    private static bool Includes(XElement element, string item) =>
        element.Attribute("Include")?.Value.Split(';', StringSplitOptions.TrimEntries)
            .Any(include => include.Replace('\\', '/') == item.Replace('\\', '/')) == true;
}
