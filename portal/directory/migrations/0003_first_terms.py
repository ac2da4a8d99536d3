"""The first version of the terms of data sharing. The secretariat publishes its own at the desk."""

from django.db import migrations
from django.utils import timezone

TEXT = """
<h2>What you share</h2>
<p>You log what your organisation does, where, with whom and with what money. For each record you choose who may see it: everybody, members of the coalition, working groups you name, or your own organisation. The secretariat sees all records, so that it can keep them right.</p>
<h2>What never belongs here</h2>
<p>No record may hold data about a person who has been trafficked, or about anybody who could be known from it: no names, no phone numbers, no case numbers, no addresses of people, no address of a shelter. Tips and cases go to the police or a help line, never into this portal. If you find such data here, tell the secretariat at once. It is taken out of the record and out of its history.</p>
<h2>What others do with it</h2>
<ul>
<li>Members and funders use shared records to plan work and money together. They pass on only what is public.</li>
<li>What is shared with a working group stays in that group.</li>
<li>Counts of people are shown to others rounded, and small counts are not shown at all.</li>
<li>Nobody uses what they read here to find, contact or judge a person affected.</li>
</ul>
<h2>What you promise</h2>
<ul>
<li>You log what is true, and say when it no longer is.</li>
<li>You write only for an organisation that has asked you to.</li>
<li>You keep your sign-in to yourself, and tell the secretariat when you leave your organisation.</li>
</ul>
<h2>What we keep about you</h2>
<p>Your name, your email address, your organisations, what you changed and when, and which version of these terms you accepted. Members of your organisation and the secretariat see your name with what you changed. We give none of it to others. Where you are signed in is shown to you alone.</p>
<h2>Whose the records are</h2>
<p>Your organisation's records stay your organisation's. You can take them out as a spreadsheet at any time. What was public may have been copied by others under the licence that the site states.</p>
<h2>When these terms change</h2>
<p>Then we show you what is new, and ask you again before you go on.</p>
"""


def publish(apps, schema_editor):
    versions = apps.get_model("directory", "TermsVersion").objects.using(
        schema_editor.connection.alias
    )
    if not versions.exists():
        versions.create(number=1, text=TEXT.strip(), published_at=timezone.now())


def withdraw(apps, schema_editor):
    versions = apps.get_model("directory", "TermsVersion").objects.using(
        schema_editor.connection.alias
    )
    first = versions.filter(number=1, published_by=None)
    first.filter(acceptances=None).delete()


class Migration(migrations.Migration):
    dependencies = [("directory", "0002_joining_terms_and_merges")]

    operations = [migrations.RunPython(publish, withdraw)]
