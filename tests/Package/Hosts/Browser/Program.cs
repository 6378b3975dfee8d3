using System;
using System.Linq;
using System.Net.Http;
using Hosts;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

// The page sends its report to the server that it came from.
WebAssemblyHostBuilder builder = WebAssemblyHostBuilder.CreateDefault(args);
using var client = new HttpClient { BaseAddress = new Uri(builder.HostEnvironment.BaseAddress) };
string[] report;
try
{
    report = [.. Report.Lines()];
}
catch (Exception exception)
{
    report = [exception.ToString()];
}

using var content = new StringContent(string.Concat(report.Select(line => line + "\n")));
using HttpResponseMessage answer = await client.PostAsync(new Uri("report", UriKind.Relative), content);
