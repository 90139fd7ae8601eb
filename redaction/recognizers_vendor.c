/* The name of a service, alone, before what looks made by a machine: "skrapp 2e11ky...", "okta: 00QCj...". Hides which
 * services have keys, and what of theirs is no key. */
#include "redaction/bridge.h"
#include "redaction/rarity.h"
#include "redaction/recognizer.h"

#define VALUE_LEAST 20
#define LONG_LEAST 32 /* from here on letters of both cases and digits are enough */
#define VALUE_MOST 256
#define NAME_MOST 24 /* bytes of the name's rest */

/* What the rest of the name says that the value is: something that opens nothing. */
static bool names_other(struct bytes text, size_t from, size_t to)
{
    static const char *const words[] = {"id",     "uid",   "uuid",    "guid",    "sha",     "hash",   "digest", "sum",
                                        "etag",   "nonce", "cursor",  "version", "commit",  "ref",    "url",    "uri",
                                        "public", "name",  "channel", "trace",   "span",    "event",  "user",   "email",
                                        "image",  "file",  "path",    "host",    "address", "region", "page",   "tag"};
    size_t word = chars_run_back(text, to, C_LOWER | C_DIGIT, NAME_MOST);
    while (word > from && char_is(text.data[word - 1], C_UPPER))
        word--;
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (to - word == strlen(words[i]) && chars_are(text, word, words[i]))
            return true;
    return false;
}

/* "sha512-...", "call_...": what stands before the joint says what it is. */
static bool is_labelled(struct bytes value)
{
    size_t word = chars_run(value, 0, C_LOWER | C_DIGIT, 12);
    return char_is(char_at(value, word), C_UNDER | C_DASH) && value.data[0] >= 'a' &&
           chars_word_of(
               bytes_part(value, 0, word), 0,
               "sha1|sha256|sha384|sha512|md5|call|msg|run|req|thread|file|user|org|proj|sess|evt|img|dpl|prj|"
               "team|toolu|chatcmpl|cus|sub|pi|ch|price|prod|acct|cs|in|job|task|pub|pk") != 0;
}

static bool is_key(struct bytes value)
{
    unsigned kinds = 0;
    size_t digits = 0, letters = 0;
    for (size_t i = 0; i < value.size; i++) {
        if (!char_is(value.data[i], C_BASE64 | C_TOKEN))
            return false;
        kinds |= chars_class[value.data[i]];
        digits += char_is(value.data[i], C_DIGIT);
        letters += char_is(value.data[i], C_ALPHA);
    }
    if (value.size < VALUE_LEAST || digits < 3 || letters < 5 || is_labelled(value))
        return false;
    enum rarity rarity = rarity_of(value);
    bool mixed = kinds & C_UPPER && kinds & C_LOWER && !(kinds & C_PLUS_SLASH);
    return rarity == RARITY_RANDOM || (rarity == RARITY_SOME && mixed && value.size >= LONG_LEAST);
}

/* Letters before the name make another word of it; capitals behind small ones do not. */
static bool name_starts(struct bytes text, size_t at, size_t size)
{
    uint8_t before = char_at(text, at - 1);
    return !char_is(before, C_ALNUM) || (char_is(before, C_LOWER) && char_is(char_at(text, at), C_UPPER) && size > 3);
}

static size_t match_vendor(struct scan *scan, const struct recognizer *row, size_t end)
{
    struct bytes text = scan_text(scan);
    size_t start = chars_run_back(text, end, C_ALPHA, NAME_MOST), rest = chars_run(text, end, C_TOKEN, NAME_MOST);
    if (!name_starts(text, start, end - start) || (rest > end && names_other(text, end, rest)))
        return end;
    struct bridge bridge = bridge_from(text, rest);
    bool near = bridge.link == LINK_BLANK || bridge.link >= LINK_COMPARE;
    if (!near || bytes_find(bytes_part(text, rest, bridge.at - rest), bytes_str("\n")) != SIZE_MAX)
        return rest;
    size_t at = bridge.at;
    while (at - bridge.at < 3 && bridge_is_quote(char_at(text, at)))
        at++;
    size_t stop = chars_run(text, at, C_BASE64 | C_TOKEN, VALUE_MOST);
    uint8_t after = char_at(text, stop);
    if (after != '.' && after != ':' && after != '@' && is_key(bytes_part(text, at, stop - at)))
        scan_found(scan, row, at, stop);
    return rest;
}

/* Services whose keys have no form of their own, or had none once. Our list, by their own pages. */
static const char services[] =
    "abuseipdb|accuweather|activecampaign|adafruit|adobe|adyen|aeroworkflow|ahrefs|airbrake|airtable|airvisual|"
    "aiven|alchemy|alconost|alegra|algolia|alibaba|aliyun|allsports|amadeus|ambee|amplitude|anthropic|apacta|"
    "api2cart|apideck|apiflash|apify|apilayer|apimatic|appcues|appdynamics|appfollow|appoptics|appsflyer|appveyor|"
    "artifactory|asana|assemblyai|atera|atlassian|auth0|autodesk|autoklose|avaza|aviationstack|axonaut|aylien|"
    "ayrshare|azure|bannerbear|baremetrics|baseten|beamer|beebole|besnappy|besttime|betterstack|billomat|bitbar|"
    "bitbucket|bitcoinaverage|bitfinex|bitly|bitmex|bitrise|bittrex|blazemeter|blitapp|bombbomb|boostnote|borgbase|"
    "brandfetch|braze|browserstack|buddyns|bugherd|bugsnag|buildkite|bulksms|buttercms|bybit|caflou|calendarific|"
    "calendly|calorieninja|campayn|cannyio|capsulecrm|captaindata|carboninterface|caspio|censys|centralstation|"
    "cexio|chargebee|chartmogul|checio|checklyhq|circleci|clarifai|clearbit|cleverbot|clickhelp|clicksend|clickup|"
    "cliengo|clinchpad|clockify|clockworksms|closecrm|cloudelements|cloudflare|cloudimage|cloudinary|cloudmersive|"
    "cloudplan|cloudsmith|cloverly|clustdoc|coda|codacy|codeclimate|codecov|codemagic|codequiry|cohere|coinapi|"
    "coinbase|coinlayer|coinlib|commercejs|companyhub|confluence|confluent|contentful|contentstack|convertapi|"
    "convertkit|convier|coveralls|cricbuzz|cryptocompare|currencyapi|currencycloud|currencyfreaks|currencylayer|"
    "currencyscoop|customerguru|customerio|d7network|dailyco|dareboost|datadog|datafire|datagov|debounce|deepai|"
    "deepgram|deepl|deepseek|delighted|demio|denodeploy|detectify|detectlanguage|dfuse|diffbot|diggernaut|"
    "digitalocean|discogs|discord|disqus|dnscheck|docparser|documo|docusign|doppler|dotdigital|dovico|dribbble|"
    "droneci|dropbox|droplr|dwolla|dynadot|dynalist|dynatrace|dyspatch|eagleeye|easyinsight|ecostruxure|edamam|"
    "edenai|eightxeight|elasticemail|elevenlabs|enablex|endorlabs|esputnik|etherscan|ethplorer|etsy|eventbrite|"
    "everhour|exportsdk|extractorapi|facebook|faceplusplus|fastforex|fastly|fauna|feedier|fetchrss|fibery|figma|"
    "filestack|finage|financialmodelingprep|findl|finicity|finnhub|firebase|fireflies|fixerio|flatio|fleetbase|"
    "flexport|flickr|flightapi|flightlabs|flightstats|flowflu|flutterwave|fmfw|formbucket|formcraft|formio|"
    "formsite|foursquare|frameio|freshbooks|freshdesk|freshservice|fullstory|fxmarket|gemini|gengo|geoapify|"
    "geocodify|geocodio|geoipifi|getgeoapi|getgist|getresponse|getsandbox|gitguardian|gitlab|gitter|glassnode|"
    "gocanvas|gocardless|grafana|graphcms|graphhopper|groovehq|groq|gtmetrix|guardianapi|gumroad|gyazo|happyscribe|"
    "hellosign|helpcrunch|helpscout|heroku|hetzner|hiveage|holidayapi|honeybadger|honeycomb|hotjar|hubspot|"
    "huggingface|hybiscus|hyperbrowser|hypertrack|ibmcloud|iconfinder|iexapis|iexcloud|ifttt|imagekit|imagga|"
    "influxdb|infracost|infura|insightly|instacart|instamojo|integromat|intercom|intrinio|invoiceocean|ipapi|"
    "ipgeolocation|ipinfo|ipinfodb|ipquality|ipstack|jfrog|jina|jira|jotform|jumpcloud|jumpseller|kairos|kaltura|"
    "keenio|kickbox|kinde|klaviyo|klipfolio|knapsackpro|kontent|kraken|kucoin|kylas|langsmith|languagelayer|lastfm|"
    "launchdarkly|leadfeeder|lemlist|lemonsqueezy|lendflow|lessannoying|lexigram|linear|linemessaging|linenotify|"
    "linkedin|linkpreview|liveagent|livestorm|loadmill|lob|locationiq|loggly|loginradius|logzio|lokalise|looker|"
    "loyverse|lunchmoney|luno|madkudu|magento|magicbell|mailboxlayer|mailchimp|mailerlite|mailgun|mailjet|mailmodo|"
    "mailsac|mailtrap|mandrill|mapbox|mapquest|marketstack|mattermost|mavenlink|maxmind|meaningcloud|mediastack|"
    "meilisearch|meistertask|memberstack|meraki|mesibo|messagebird|metaapi|metabase|metrilo|mindmeister|miro|"
    "mistral|mixmax|mixpanel|mockaroo|mojoauth|monday|moonclerk|moonshot|moosend|moralis|mrticktock|mux|"
    "myfreshworks|myintervals|nasdaq|nethunt|netlify|newrelic|newsapi|newscatcher|nexmo|nftport|ngrok|nicereply|"
    "nightfall|noticeable|notion|nozbe|npmjs|nuget|numverify|nutritionix|nylas|nytimes|oanda|okta|omnisend|onedesk|"
    "onelogin|onepagecrm|onesignal|onwaterio|oopspam|openai|opencage|openrouter|openuv|openvpn|openweather|"
    "openweathermap|opsgenie|optimizely|orbitlove|overloop|owlbot|packagecloud|pagerduty|pandadoc|pandascore|"
    "paperform|paralleldots|parsehub|parseur|partnerstack|pastebin|paydirt|paymo|paymongo|paypal|paystack|pdflayer|"
    "pdfshift|peopledatalabs|pepipost|percy|perplexity|phantombuster|pinata|pinecone|pinterest|pipedream|pipedrive|"
    "pivotaltracker|pixabay|plaid|planetscale|planview|planyo|plivo|podio|poloniex|polygonio|positionstack|"
    "postageapp|posthog|postman|postmark|powrbot|privateai|prodpad|prospectcrm|protocolsio|proxycrawl|pubnub|"
    "purestake|pushbullet|pusher|pushover|qase|qualaroo|qualtrics|quandl|qubole|questdb|quicknode|rapidapi|"
    "ravenapp|rawg|razorpay|readme|reallysimplesystems|rebrandly|recraft|redmine|rentman|repairshopr|replicate|"
    "replyio|requestfinance|resend|restpack|revampcrm|revenuecat|ringcentral|ritekit|rocketreach|roninapp|route4me|"
    "rownd|rubygems|runpod|runrunit|salesblink|salesflare|salesforce|salesloft|salesmate|sambanova|satismeter|"
    "saucelabs|scaleway|scalr|scrapeowl|scraperapi|scraperbox|scrapestack|scrapfly|scrapingant|scrapingbee|"
    "screenshotapi|screenshotlayer|securitytrails|segment|selectpdf|semaphore|semrush|sendbird|sendgrid|sendinblue|"
    "sentry|serpapi|serphouse|serpstack|sheety|sherpadesk|shipday|shippo|shodan|shopify|shotstack|shutterstock|"
    "sigopt|simfin|simplesat|simplynoted|simvoly|sinch|sirv|siteleaf|skrapp|skybiometry|slack|smartsheet|"
    "smartystreets|smooch|snipcart|snyk|sonarcloud|sonarqube|sourcegraph|sparkpost|splunk|spoonacular|sportradar|"
    "sportsmonk|spotify|sqreen|squadcast|square|squarespace|squareup|sslmate|stabilityai|statuscake|statuspage|"
    "statuspal|stitchdata|stockdata|storecove|stormboard|stormglass|storyblok|storychief|strava|stripe|stripo|"
    "stytch|sumologic|supabase|supernotes|surveyanyplace|surveybot|surveysparrow|survicate|swiftype|taiga|tallyfy|"
    "tatumio|tavily|taxjar|teamgate|teamwork|teamworkcrm|teamworkdesk|technicalanalysis|tefter|telegram|teletype|"
    "telnyx|terraform|textmagic|theoddsapi|thinkific|thousandeyes|ticketmaster|ticketsource|tiingo|timecamp|"
    "timezoneapi|tineswebhook|tmetric|todoist|toggl|tokeet|tomorrowio|tomtom|tradier|transferwise|travelpayouts|"
    "travis|travisci|trello|twelvedata|twilio|twitch|twitter|tyntec|typeform|typetalk|ubidots|uclassify|unifyid|"
    "unplugg|unsplash|upcdatabase|uplead|uploadcare|uptimerobot|upwave|urlscan|userflow|userstack|vatlayer|vbout|"
    "vercel|verimail|veriphone|versioneye|viewneo|virustotal|visualcrossing|voiceflow|voicegain|vonage|voodoosms|"
    "vouchery|vpnapi|vultr|vyte|wakatime|walkscore|weatherbit|weatherstack|weaviate|webex|webflow|webscraper|"
    "webscraping|weightsandbiases|wepay|whoxy|wistia|woocommerce|workstack|worldcoinindex|worldweather|wrike|"
    "xendit|xero|yandex|yelp|ynab|youneedabudget|youtrack|zapier|zendesk|zenkit|zenrows|zenscrape|zenserp|zeplin|"
    "zerobounce|zerotier|zipapi|zipbooks|zipcodeapi|zoho|zonkafeedback|zoom|zulip";

static const struct recognizer rows[] = {
    {"secret.vendor",
     REDACT_PASSWORD,
     services,
     match_vendor,
     NULL,
     0.75f,
     ROW_LEARN | ROW_LIST | ROW_LOOSE,
     "services whose keys have no form of their own",
     {0}},
};

const struct recognizers recognizers_vendor = {rows, sizeof rows / sizeof rows[0]};
